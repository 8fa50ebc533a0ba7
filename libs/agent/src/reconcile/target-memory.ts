import { Contests } from './contests.ts';
import type { Fault } from '@flotilla/foundation';
import type { DesiredEntry, DriftedField, ObjectKey, Reason } from '@flotilla/model';
import type { DesiredHook, DesiredObject } from '../apply/desired-object.ts';
import type { Freezing } from './freezing.ts';
import type { Said } from '../live/said.ts';
import type { NeighbourWaits } from './awaited.ts';
import { Reapplied } from './reapplied.ts';
import { listDigest } from '../apply/prune-guard.ts';
import { emptyRecord, type InventoryItem, type TargetRecord } from '../keep/target-record.ts';

/** What was made of the files of one entry. */
export interface RenderedTarget {
  /** What it was made from: anything else is rendered again. */
  readonly madeFrom: string;
  readonly objects: readonly DesiredObject[];
  readonly hooks: readonly DesiredHook[];
  readonly renderDigest: string;
  readonly empty: boolean;
}

/** A workload that is not well, and what was found below it. */
export interface WorkloadFailure {
  readonly workload: ObjectKey;
  readonly reason: Reason;
}

/** An object that is to go and has to wait, and what for: finalizers, a person, or the API server in its own words. */
export interface PendingDelete {
  readonly key: ObjectKey;
  readonly forWhat: string;
  /** The API server said nothing at all: whether it would refuse is not known. */
  readonly silence?: Fault;
}

/** Everything that the loop knows of one target between two passes. Only the loop and its steps change it. */
export class TargetMemory {
  readonly target: string;
  record: TargetRecord;
  /** Whether `record` holds more than what was saved. */
  unsaved = false;
  /** The source digest of the newest bundle that was saved: files in memory alone are as good as not here. */
  keptDigest: string | undefined;
  /** What the set says. */
  ordered: DesiredEntry | undefined;
  /** What is wanted: what the set says, unless a person pinned the target. */
  entry: DesiredEntry | undefined;
  pin: Said | undefined;
  /** The freeze that keeps it from what its set says, as of the beginning of this pass. */
  freezing: Freezing | undefined;
  /** It went back by itself, and stays there. */
  retreated = false;
  /** Since when it is Degraded without a break, as it was told. */
  unwellSince: number | undefined;
  /** How many targets of its environment went back here lately, as of the beginning of this pass. */
  recentRetreats = 0;
  /** Whether its objects were last judged by other rules than its entry brings now. */
  misjudged = false;
  rendered: RenderedTarget | undefined;
  /** What the API server said it would take, all of it: what comes in a later turn is not tried again. */
  tried: RenderedTarget | undefined;
  /** The namespace was made, or found, in this very pass. */
  hasNamespace = false;
  /** What is being rendered now; it ends when something else is wanted. */
  #rendering: { readonly madeFrom: string; readonly ending: AbortController } | undefined;
  /** The request of a person that was carried out last. */
  syncRequestDone: string | undefined;
  readonly reapplied = new Reapplied();
  /** What it waits for among its neighbours, as of the beginning of this pass. */
  neighbours: NeighbourWaits = {};
  /** Since when it waits for what it waits for. */
  waits: ReadonlyMap<string, number> = new Map();
  /** A person asked for the sync that is under way. */
  isManual = false;
  /** What the API server would not take, as it was tried last. */
  refused: RenderedTarget | undefined;
  /** When the sync began that has not written all it has to yet. */
  syncStartedAt: number | undefined;
  /** Why the last pass did not get where it should. */
  fault: Fault | undefined;
  attempts = 0;
  /** What a person should know of a workload that is not well. */
  failure: WorkloadFailure | undefined;
  /** What was taken back since the release that runs. */
  drift: readonly DriftedField[] = [];
  /** Objects that somebody deleted and that are being made again; once that is written down they are like any new one. */
  readonly missed = new Set<string>();
  /** Objects whose replicas differ, and are an autoscaler's to say. */
  scaled: ReadonlySet<string> = new Set();
  readonly contests = new Contests();
  /** The source digest that was seen running with everything well. */
  goodDigest: string | undefined;
  /** What is to go and has to wait. */
  pending: readonly PendingDelete[] = [];
  /** Hooks that were asked to go and are held. */
  pendingHooks = 0;
  gone = false;
  /** The trace of the order that is being carried out. */
  traceparent: string | undefined;

  /** What may be deleted under one entry: it passed the guard. True where a person approved it. */
  #letThrough: { readonly entry: DesiredEntry | undefined; readonly items: Map<InventoryItem['uid'], boolean> } = {
    entry: undefined,
    items: new Map(),
  };

  /** These passed the guard. What of them is still there later is no new list; another entry is judged anew. */
  letThrough(items: readonly InventoryItem[], approved: string | undefined): void {
    if (this.#letThrough.entry !== this.entry) this.#letThrough = { entry: this.entry, items: new Map() };
    const isApproved = approved !== undefined && approved === listDigest(items);
    for (const { uid } of items) this.#letThrough.items.set(uid, isApproved || this.isApproved({ uid }));
  }

  isLetThrough({ uid }: Pick<InventoryItem, 'uid'>): boolean {
    return this.#letThrough.entry === this.entry && uid !== undefined && this.#letThrough.items.has(uid);
  }

  isApproved({ uid }: Pick<InventoryItem, 'uid'>): boolean {
    return this.isLetThrough({ uid }) && this.#letThrough.items.get(uid) === true;
  }

  /** Whether what runs is worth going back to. It is written down with whatever follows, at the price of no request. */
  get runsWell(): boolean {
    return this.goodDigest !== undefined && this.goodDigest === this.record.running?.sourceDigest;
  }

  /** Something is being rendered from now on, until the signal says that nobody wants it any more. */
  beginRender(madeFrom: string): AbortSignal {
    const ending = new AbortController();
    this.#rendering = { madeFrom, ending };
    return ending.signal;
  }

  /** What is to be rendered now: whatever else is being rendered may end. */
  wantRender(madeFrom: string | undefined): void {
    if (this.#rendering?.madeFrom !== madeFrom) this.#rendering?.ending.abort();
  }

  /** A person asked for everything to be applied once more, and it is not done yet. */
  get isAsked(): boolean {
    return this.entry !== undefined && this.entry.syncRequest !== this.syncRequestDone;
  }

  /** A pin, a freeze or the agent itself holds the target at something else than what its set says. */
  get differsFromSet(): boolean {
    const isHeld = this.pin !== undefined || this.freezing?.bundle !== undefined || this.retreated;
    return isHeld && this.ordered?.sourceDigest !== this.entry?.sourceDigest;
  }

  /** It is held against what Git says, in the cluster itself or by the order that it has. */
  get differsFromGit(): boolean {
    return this.differsFromSet || this.entry?.pin !== undefined;
  }

  /** What runs, or is about to, is what was gone back to; what a freeze keeps is not. */
  get isWayBack(): boolean {
    if (this.pin !== undefined) return this.differsFromSet;
    return (this.retreated || this.entry?.pin !== undefined) && this.freezing?.bundle === undefined;
  }

  /** Going back runs no hooks unless it was ordered so, and what is frozen runs none, whoever asks for a sync. */
  get skipsHooks(): boolean {
    if (this.differsFromSet || this.freezing) return true;
    return this.entry?.pin !== undefined && this.entry.pin.runHooks !== true;
  }

  constructor(target: string, record: TargetRecord | undefined) {
    this.target = target;
    this.record = record ?? emptyRecord(target, target);
    this.keptDigest = record?.bundles[0]?.sourceDigest;
    this.syncRequestDone = record?.running?.syncRequest;
  }
}
