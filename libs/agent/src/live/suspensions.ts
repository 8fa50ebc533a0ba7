import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@flotilla/model';
import { agentObjects, marks } from '../names.ts';
import type { ClusterApi, ObjectChange, ObjectWatch } from '../ports/cluster-api.port.ts';
import { saidOn, type Said } from './said.ts';

/** What people said, with kubectl, about a record of ours. */
interface RecordMarks {
  readonly suspended: Said | undefined;
  readonly pinned: Said | undefined;
  readonly approvedPrune: string | undefined;
  readonly passedHook: string | undefined;
}

export interface SuspensionsOptions {
  readonly cluster: ClusterApi;
  readonly namespace: string;
  /** Something was said or taken back about this target; about all targets when it is undefined. */
  readonly onChange: (target: string | undefined) => void;
  /** The record of this target was there and is not any more. */
  readonly onRecordLost: (target: string) => void;
  /** Why this instance may write nothing at all, whatever people say. */
  readonly aside?: () => LocalSuspension | undefined;
}

/** Why nothing may be written, in words for the status. */
export interface LocalSuspension {
  readonly by: string;
  readonly reason: string;
}

/**
 * Hears what people say in the cluster itself: a suspension on the agent's ConfigMap or on a target's record, a pin, the
 * approval of a deletion. It needs neither control plane nor Git, and outranks both.
 */
export class Suspensions {
  readonly #options: SuspensionsOptions;
  readonly #records = new Map<string, RecordMarks>();
  readonly #watches: readonly ObjectWatch[];
  #everything: Said | undefined;

  constructor(options: SuspensionsOptions) {
    const { cluster, namespace } = options;
    this.#options = options;
    const onRecord = (change: ObjectChange) => this.#heardRecord(change);
    const onConfiguration = (change: ObjectChange) => this.#heardConfiguration(change);
    // Records hold whole bundles, and every write of ours comes back over the watch: what people say stands in metadata.
    const marked = { namespace, metadataOnly: true };
    this.#watches = [
      cluster.watch({ group: '', kind: 'Secret' }, { ...marked, labelSelector: marks.record, onChange: onRecord }),
      cluster.watch({ group: '', kind: 'ConfigMap' }, { ...marked, onChange: onConfiguration }),
    ];
  }

  get synced(): Promise<unknown> {
    return Promise.all(this.#watches.map((watch) => watch.synced));
  }

  /** Why nothing of this target may be written; `undefined` when it may. */
  reasonFor(target: string): LocalSuspension | undefined {
    const aside = this.#options.aside?.();
    if (aside) return aside;
    if (this.#everything) return suspensionOf(this.#everything, "the agent's ConfigMap");
    const said = this.#records.get(target)?.suspended;
    return said && suspensionOf(said, 'its record in the cluster');
  }

  /** The held bundle that a person wants this target to run, whatever any set says. */
  pinOf(target: string): Said | undefined {
    return this.#records.get(target)?.pinned;
  }

  /** The digest of the list whose deletion a person approved. */
  approvedPrune(target: string): string | undefined {
    return this.#records.get(target)?.approvedPrune;
  }

  /** The failure of a hook that a person said shall hold no deletion. */
  passedHook(target: string): string | undefined {
    return this.#records.get(target)?.passedHook;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  #heardRecord(change: ObjectChange): void {
    if (change.kind === 'absent') return this.#heardLoss(change.key.name);
    if (change.kind !== 'present') return;
    const { object } = change;
    const target = object.metadata.labels?.[marks.record];
    // A large record is continued in Secrets of the same label; people speak on the first one only.
    if (!target || object.metadata.name !== agentObjects.record(target)) return;
    const before = this.#records.get(target);
    const said = marksOn(object);
    this.#records.set(target, said);
    if (!isDeepStrictEqual(wordsOf(before), wordsOf(said))) this.#options.onChange(target);
  }

  /** What was said on a record goes with it. */
  #heardLoss(name: string): void {
    const target = [...this.#records.keys()].find((known) => agentObjects.record(known) === name);
    if (target === undefined) return;
    this.#records.delete(target);
    this.#options.onRecordLost(target);
  }

  #heardConfiguration(change: ObjectChange): void {
    if (change.kind !== 'present' && change.kind !== 'absent') return;
    const { name } = change.kind === 'absent' ? change.key : change.object.metadata;
    if (name !== agentObjects.configuration) return;
    const said = change.kind === 'absent' ? undefined : saidOn(change.object, marks.suspend);
    const isNew = said?.text !== this.#everything?.text;
    this.#everything = said;
    if (isNew) this.#options.onChange(undefined);
  }
}

function marksOn(object: KubeObject): RecordMarks {
  return {
    suspended: saidOn(object, marks.suspend),
    pinned: saidOn(object, marks.pin),
    approvedPrune: object.metadata.annotations?.[marks.approvePrune],
    passedHook: object.metadata.annotations?.[marks.passHook],
  };
}

function wordsOf(marked: RecordMarks | undefined): readonly (string | undefined)[] {
  return [marked?.suspended?.text, marked?.pinned?.text, marked?.approvedPrune, marked?.passedHook];
}

function suspensionOf({ text, by = 'somebody', at }: Said, place: string): LocalSuspension {
  return { by: `${by} on ${place}${at ? ` since ${at}` : ''}`, reason: text };
}
