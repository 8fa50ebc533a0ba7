import type { Answer, Question } from '@flotilla/contracts';
import { Fault, isoTime, type Clock, type Ids } from '@flotilla/foundation';
import type { OrderSender } from './order-sender.ts';

/** How long an agent may take to answer. */
const answerTimeoutMs = 8_000;
const waitingMax = 1_000;

export interface QuestionsOptions {
  readonly sender: Pick<OrderSender, 'ask'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Questions that were put to agents and wait for their answers, here in this replica. */
export class Questions {
  readonly #sender: Pick<OrderSender, 'ask'>;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #waiting = new Map<string, { cluster: string; resolve: (answer: Answer) => void }>();

  constructor({ sender, clock, ids }: QuestionsOptions) {
    this.#sender = sender;
    this.#clock = clock;
    this.#ids = ids;
  }

  async ask(cluster: string, question: Question, patienceMs = answerTimeoutMs): Promise<Answer> {
    if (this.#waiting.size >= waitingMax) throw overloaded();
    const id = this.#ids.next();
    const patience = new AbortController();
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, { cluster, resolve }));
    try {
      this.#sender.ask({ id, cluster, question, expiresAt: isoTime(this.#clock.now() + patienceMs) });
      const silence = this.#clock.sleep(patienceMs, patience.signal).then(() => undefined);
      const answer = await Promise.race([answered, silence]);
      if (!answer) throw noAnswer(patienceMs);
      return answer;
    } finally {
      patience.abort();
      this.#waiting.delete(id);
    }
  }

  /** An answer counts only from the cluster that was asked. */
  answered(cluster: string, answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting?.cluster === cluster) waiting.resolve(answer);
  }
}

function noAnswer(patienceMs: number): Fault {
  const message = `the agent did not answer within ${patienceMs / 1000} s; is its cluster connected? (flotilla get clusters)`;
  return new Fault({ code: 'timeout', reason: 'AgentSilent', message });
}

function overloaded(): Fault {
  return new Fault({
    code: 'too-many',
    reason: 'QuestionsWaiting',
    message: 'too many questions wait for agents right now',
  });
}
