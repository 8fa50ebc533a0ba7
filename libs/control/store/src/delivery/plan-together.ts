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
const planning = { windowMs: 1, itemsMax: 96 };
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
  const together = await firstTogether(transaction, asked);
  const known = await readFacts(
    transaction,
    together.map(({ application }) => application),
    now,
  );
  const planned: PlannedApplication[] = [];
  let [done, changes] = [0, 0];
  for (const each of together) {
    if (changes >= changesMax) break;
    const facts = known.get(each.application);
    each.planned = facts && each.decide(facts);
    if (facts && each.planned) planned.push({ facts, plan: each.planned });
    changes += each.planned?.changes.length ?? 0;
    done++;
  }
  await writePlans(transaction, planned);
  return done;
}

/** The first of these whose facts are read together: as many as one transaction could change the targets of. */
async function firstTogether(transaction: Transaction, asked: readonly Asked[]): Promise<readonly Asked[]> {
  const applications = asked.map(({ application }) => application);
  // What is asked for twice is planned twice: the second one has to read what the first one wrote.
  const again = applications.findIndex((application, at) => applications.indexOf(application) < at);
  const different = again < 0 ? asked : asked.slice(0, again);
  const counts = await transaction.query<{ application: string; targets: number }>(
    `SELECT application, count(*)::int AS targets FROM target WHERE application = ANY($1) AND gone_generation IS NULL
     GROUP BY application`,
    [applications],
  );
  const targets = new Map(counts.map((each) => [each.application, each.targets]));
  let sum = 0;
  const tooMany = different.findIndex(({ application }, at) => {
    sum += targets.get(application) ?? 0;
    return at > 0 && sum > changesMax;
  });
  return tooMany < 0 ? different : different.slice(0, tooMany);
}
