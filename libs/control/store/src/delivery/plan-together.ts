import type { DeliveryFacts, DeliveryPlan } from '@flotilla/control-delivery';
import { Batch } from '@flotilla/foundation';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { lockApplications } from './lock-applications.ts';
import { readFacts } from './read-facts.ts';
import { writePlans, type PlannedApplication } from './write-plans.ts';

/** One application that is to be planned, and what came of it. */
interface Asked {
  readonly application: string;
  readonly decide: (facts: DeliveryFacts) => DeliveryPlan;
  planned?: DeliveryPlan | undefined;
  /** Why it could not be planned. */
  error?: unknown;
}

/** Plans wait this long for company: those that one commit calls for come within the same moment. */
const planning = { windowMs: 1, itemsMax: 32 };
/** A transaction that changes this many targets is large enough: applications that are left go into the next one. */
const changesMax = 2_000;

/**
 * Plans applications together that are to be planned at the same time: they share a transaction, the locks of their
 * clusters and the digests of their sets. One that cannot be planned keeps nobody else from it.
 */
export class PlanTogether {
  readonly #store: Store;
  readonly #batch: Batch<Asked>;

  constructor(store: Store) {
    this.#store = store;
    this.#batch = new Batch({ ...planning, clock: store.clock, flush: (asked) => this.#plan(asked) });
  }

  async plan(application: string, decide: Asked['decide']): Promise<DeliveryPlan | undefined> {
    const asked: Asked = { application, decide };
    await this.#batch.add(asked);
    if (asked.error !== undefined) throw asked.error;
    return asked.planned;
  }

  async #plan(asked: readonly Asked[]): Promise<void> {
    for (let left = asked; left.length > 0;) left = left.slice(await this.#planSome(left));
  }

  /** Plans as many as one transaction holds, and says how many those are. What fails together is tried one by one. */
  async #planSome(asked: readonly Asked[]): Promise<number> {
    try {
      return await this.#store.transact((transaction) => planFirst(transaction, asked, this.#store.now()));
    } catch (error) {
      const [first] = asked;
      if (asked.length === 1) first!.error = error;
      else for (const one of asked) await this.#planSome([one]);
      return asked.length;
    }
  }
}

async function planFirst(transaction: Transaction, asked: readonly Asked[], now: Date): Promise<number> {
  await lockApplications(
    transaction,
    asked.map(({ application }) => application),
  );
  const planned: PlannedApplication[] = [];
  let [done, changes] = [0, 0];
  for (const each of asked) {
    // What is asked for twice is planned twice: the second one has to read what the first one wrote.
    if (changes >= changesMax || planned.some(({ facts }) => facts.application.uid === each.application)) break;
    const facts = await readFacts(transaction, each.application, now);
    each.planned = facts && each.decide(facts);
    if (facts && each.planned) planned.push({ facts, plan: each.planned });
    changes += each.planned?.changes.length ?? 0;
    done++;
  }
  await writePlans(transaction, planned);
  return done;
}
