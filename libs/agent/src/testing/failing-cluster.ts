import { Fault, type FaultDetails } from '@flotilla/foundation';
import type { ClusterApi, ObjectWatch } from '../ports/cluster-api.port.ts';
import { interceptCluster, type ClusterCall } from './intercept-cluster.ts';

/** A call that fails, how often, and whether it took effect before it did. */
export interface ClusterTrouble {
  /** `apply ConfigMap apps/one`, or only its beginning: `apply`, `delete Deployment`. */
  readonly on: string;
  /** How often it fails before it works; for ever when absent. */
  readonly times?: number;
  /** The effect happens, and only the answer is lost. */
  readonly afterEffect?: boolean;
  readonly fault?: FaultDetails;
}

const unavailable: FaultDetails = {
  code: 'unavailable',
  reason: 'ApiServerUnavailable',
  message: 'the API server is away',
};

const refusedWatch: ObjectWatch = {
  synced: new Promise<void>(() => undefined),
  problem: () => new Fault({ code: 'forbidden', reason: 'Forbidden', message: 'the agent may not list this kind' }),
  stop: async () => undefined,
};

/** A cluster whose API server fails as a test says, and remembers everything that it was asked. */
export class FailingCluster {
  readonly calls: ClusterCall[] = [];
  readonly cluster: ClusterApi;
  #troubles: { readonly trouble: ClusterTrouble; left: number }[] = [];

  #left = Infinity;
  #lastHasEffect = false;
  #unlisted: string | undefined;

  constructor(inner: ClusterApi) {
    const cluster = interceptCluster(inner, async (call, effect) => {
      this.calls.push(call);
      if (--this.#left < 0) throw new Fault(unavailable);
      if (this.#left === 0 && !this.#lastHasEffect) throw new Fault(unavailable);
      const trouble = this.#meet(call);
      if (!trouble) return effect();
      if (trouble.afterEffect) await effect();
      throw new Fault(trouble.fault ?? unavailable);
    });
    const watch: ClusterApi['watch'] = (kind, options) =>
      kind.kind === this.#unlisted ? refusedWatch : inner.watch(kind, options);
    this.cluster = { ...cluster, watch };
  }

  /** Nobody may list or watch this kind from now on; what was begun before goes on. */
  refuseLists(kind: string): void {
    this.#unlisted = kind;
  }

  fail(...troubles: readonly ClusterTrouble[]): void {
    this.#troubles = troubles.map((trouble) => ({ trouble, left: trouble.times ?? Infinity }));
  }

  /** This many more calls, the last one with its effect or without, and then none at all. */
  dieAfter(calls: number, lastHasEffect: boolean): void {
    this.#left = calls;
    this.#lastHasEffect = lastHasEffect;
  }

  heal(): void {
    this.fail();
    this.dieAfter(Infinity, false);
  }

  #meet({ verb, subject }: ClusterCall): ClusterTrouble | undefined {
    const met = this.#troubles.find(({ trouble, left }) => left > 0 && `${verb} ${subject}`.startsWith(trouble.on));
    if (met) met.left--;
    return met?.trouble;
  }
}
