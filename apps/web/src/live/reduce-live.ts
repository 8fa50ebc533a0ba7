import type { FollowEvent } from '@flotilla/client';
import type { ChangedKind } from '@flotilla/contracts';
import { isOpenRollout, type RolloutState } from '@flotilla/model';
import { keyOf } from './live-key.ts';
import { liveKinds, type LineState, type LiveKind, type LiveState } from './live-state.ts';

/** Ledger lines and rollouts come without end; the newest are kept. */
export const newestMax = 300;

/** The state after some things were told: each kind that changed is copied once, however many changes there are. */
export function reduceLive(state: LiveState, events: readonly FollowEvent[]): LiveState {
  const motion = new LiveMotion(state);
  for (const event of events) motion.tell(event);
  return motion.result();
}

type Items = Map<string, unknown>;

interface Copied {
  readonly known: boolean;
  readonly items: Items;
}

/** A state while a batch of events is applied to it. */
class LiveMotion {
  readonly #before: LiveState;
  readonly #changed = new Map<LiveKind, Copied>();
  #fresh: ReadonlySet<LiveKind>;
  #line: LineState;

  constructor(before: LiveState) {
    this.#before = before;
    this.#fresh = before.fresh;
    this.#line = before.line;
  }

  tell(event: FollowEvent): void {
    if (event.type === 'cut') return this.#cut(event.heardAtMs, event.fault.message);
    const { kind } = event;
    if (!isLiveKind(kind)) return;
    if (event.type === 'all') return this.#replace(kind, event.objects);
    if (event.type === 'gone') return void this.#itemsOf(kind).delete(event.uid);
    put(kind, this.#itemsOf(kind), event.object);
  }

  result(): LiveState {
    return { ...this.#before, line: this.#line, fresh: this.#fresh, ...Object.fromEntries(this.#changed) };
  }

  /** Everything there is: what vanished while nobody listened vanishes here as well. */
  #replace(kind: LiveKind, objects: readonly unknown[]): void {
    const items: Items = new Map();
    for (const object of objects) put(kind, items, object);
    this.#changed.set(kind, { known: true, items });
    this.#fresh = new Set([...this.#fresh, kind]);
    if (this.#fresh.size === liveKinds.length) this.#line = { phase: 'live' };
  }

  /** Stale since the first cut: trying in vain to reconnect makes nothing fresher. */
  #cut(heardAtMs: number, problem: string): void {
    const staleSinceMs = this.#line.phase === 'cut' ? this.#line.staleSinceMs : heardAtMs;
    this.#line = { phase: 'cut', staleSinceMs, problem };
    this.#fresh = new Set();
  }

  #itemsOf(kind: LiveKind): Items {
    const { known, items } = this.#before[kind];
    const copied = this.#changed.get(kind) ?? { known, items: new Map<string, unknown>(items.entries()) };
    this.#changed.set(kind, copied);
    return copied.items;
  }
}

function put(kind: LiveKind, items: Items, object: unknown): void {
  const key = keyOf(kind, object);
  if (key === undefined) return;
  items.set(key, object);
  if (kind === 'event') dropOldest(items, () => true);
  if (kind === 'rollout') dropOldest(items, isOver);
}

/** What has something left to do is looked for long after it began. */
function isOver(rollout: unknown): boolean {
  const { status } = rollout as { readonly status?: { readonly state?: RolloutState } };
  return status?.state === undefined || !isOpenRollout(status.state);
}

function dropOldest(items: Items, mayGo: (item: unknown) => boolean): void {
  for (const [key, item] of items) {
    if (items.size <= newestMax) return;
    if (mayGo(item)) items.delete(key);
  }
}

function isLiveKind(kind: ChangedKind): kind is LiveKind {
  return (liveKinds as readonly string[]).includes(kind);
}
