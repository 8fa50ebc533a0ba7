import type { KubeObject } from '@flotilla/model';
import { agentObjects, marks } from '../names.ts';
import type { ClusterApi, ObjectWatch } from '../ports/cluster-api.port.ts';

/** What people said, with kubectl, about a record of ours. */
interface RecordMarks {
  readonly suspended: string | undefined;
  readonly approvedPrune: string | undefined;
}

export interface SuspensionsOptions {
  readonly cluster: ClusterApi;
  readonly namespace: string;
  /** Something was said or taken back about this target; about all targets when it is undefined. */
  readonly onChange: (target: string | undefined) => void;
}

/**
 * Hears what people say in the cluster itself: a suspension on the agent's ConfigMap or on a target's record, the
 * approval of a deletion. It needs neither control plane nor Git, and outranks both.
 */
export class Suspensions {
  readonly #options: SuspensionsOptions;
  readonly #records = new Map<string, RecordMarks>();
  readonly #watches: ObjectWatch[];
  #everything: string | undefined;

  constructor(options: SuspensionsOptions) {
    const { cluster, namespace } = options;
    this.#options = options;
    this.#watches = [
      cluster.watch(
        { group: '', kind: 'Secret' },
        {
          namespace,
          labelSelector: marks.record,
          onChange: (change) => void (change.kind === 'present' && this.#heardRecord(change.object)),
        },
      ),
      cluster.watch(
        { group: '', kind: 'ConfigMap' },
        {
          namespace,
          onChange: (change) => {
            if (change.kind === 'present') this.#heardConfiguration(change.object);
            else if (change.key.name === agentObjects.configuration) this.#suspendEverything(undefined);
          },
        },
      ),
    ];
  }

  get synced(): Promise<unknown> {
    return Promise.all(this.#watches.map((watch) => watch.synced));
  }

  /** Why nothing of this target may be written; `undefined` when it may. */
  reasonFor(target: string): { by: string; reason: string } | undefined {
    if (this.#everything !== undefined) return { by: 'the ConfigMap of the agent', reason: this.#everything };
    const reason = this.#records.get(target)?.suspended;
    return reason === undefined ? undefined : { by: 'its record in the cluster', reason };
  }

  /** The digest of the list whose deletion a person approved. */
  approvedPrune(target: string): string | undefined {
    return this.#records.get(target)?.approvedPrune;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  #heardRecord({ metadata }: KubeObject): void {
    const target = metadata.labels?.[marks.record];
    // A large record is continued in Secrets of the same label; people speak on the first one only.
    if (!target || metadata.name !== agentObjects.record(target)) return;
    const said = {
      suspended: metadata.annotations?.[marks.suspend],
      approvedPrune: metadata.annotations?.[marks.approvePrune],
    };
    const before = this.#records.get(target);
    this.#records.set(target, said);
    const isNew = before?.suspended !== said.suspended || before?.approvedPrune !== said.approvedPrune;
    if (isNew) this.#options.onChange(target);
  }

  #heardConfiguration({ metadata }: KubeObject): void {
    if (metadata.name === agentObjects.configuration) this.#suspendEverything(metadata.annotations?.[marks.suspend]);
  }

  #suspendEverything(reason: string | undefined): void {
    if (reason === this.#everything) return;
    this.#everything = reason;
    this.#options.onChange(undefined);
  }
}
