import type { RolloutProgress } from '@flotilla/control-delivery';
import { Batch, Limit } from '@flotilla/foundation';
import { lookAtWaves } from '../rollouts/look-at-waves.ts';
import type { Store } from '../store.ts';
import { settleRollouts } from './settle-rollouts.ts';

/** One rollout that is to be looked at, and what came of it. */
interface Asked {
  readonly rollout: string;
  inWaves?: boolean;
  progress?: RolloutProgress | undefined;
  /** Why it could not be looked at. */
  error?: unknown;
}

/** One commit ends in hundreds of rollouts that close within the same moment. Whoever waits long here rests longer, too. */
const settling = { windowMs: 2, itemsMax: 250 };
/** Each look at waves is a transaction of its own: as many at once as there would be without the others. */
const wavesMax = 16;

/**
 * Looks at rollouts together that are to be looked at at the same time: however many close, it is one count and one
 * transaction. One that cannot be closed keeps no other from it.
 */
export class SettleTogether {
  readonly #store: Store;
  readonly #batch: Batch<Asked>;
  readonly #waves = new Limit(wavesMax);

  constructor(store: Store) {
    this.#store = store;
    this.#batch = new Batch({ ...settling, clock: store.clock, flush: (asked) => this.#settle(asked) });
  }

  /** Admits whoever has its turn, and closes it when all is done. */
  async settle(rollout: string): Promise<RolloutProgress | undefined> {
    const asked: Asked = { rollout };
    await this.#batch.add(asked);
    if (asked.error !== undefined) throw asked.error;
    return asked.inWaves ? this.#waves.run(() => this.#lookAtWaves(rollout)) : asked.progress;
  }

  #lookAtWaves(rollout: string): Promise<RolloutProgress | undefined> {
    return this.#store.transact((transaction) => lookAtWaves(transaction, rollout, this.#store));
  }

  /** What fails together is tried one by one. */
  async #settle(asked: readonly Asked[]): Promise<void> {
    const uids = asked.map(({ rollout }) => rollout);
    try {
      const { progress, inWaves } = await this.#store.transact((transaction) => settleRollouts(transaction, uids));
      for (const each of asked) {
        each.inWaves = inWaves.has(each.rollout);
        each.progress = progress.get(each.rollout);
      }
    } catch (error) {
      const [first] = asked;
      if (asked.length === 1) first!.error = error;
      else for (const one of asked) await this.#settle([one]);
    }
  }
}
