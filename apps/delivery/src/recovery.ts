import { planRecovery, type RecoveryPlan, type RecoveryRecord } from '@flotilla/control-delivery';
import { Fault } from '@flotilla/foundation';
import type { HeldEntry } from '@flotilla/model';
import type { Questions } from './questions.ts';

/** An agent that has not said by then what it holds is shown as silent: the plan shall not wait for the slowest of many. */
const patienceMs = 3_000;

/** Finds out what clusters hold that are ahead of the database, and opens the epoch in which they get it all anew. */
export class Recovery {
  readonly record: RecoveryRecord;
  readonly #questions: Pick<Questions, 'ask'>;

  constructor(record: RecoveryRecord, questions: Pick<Questions, 'ask'>) {
    this.record = record;
    this.#questions = questions;
  }

  plan(): Promise<RecoveryPlan> {
    return planRecovery({ record: this.record, askHeld: (cluster) => this.#askHeld(cluster) });
  }

  async #askHeld(cluster: string): Promise<readonly HeldEntry[]> {
    const { held, problem } = await this.#questions.ask(cluster, { kind: 'held' }, patienceMs);
    if (held) return held;
    const message = problem ?? 'the agent does not know this question; update it';
    throw new Fault({ code: 'unavailable', reason: 'AgentCannotTell', message });
  }
}
