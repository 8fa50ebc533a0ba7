/**
 * What became of a question to somebody outside: it is on its way; they said to wait, let the release in or refused it;
 * no answer came that counts; or a person passed them over.
 */
export const questionStates = ['Asking', 'Waiting', 'Failing', 'Allowed', 'Denied', 'Overridden'] as const;
export type QuestionState = (typeof questionStates)[number];
/** While a question is in one of these, it waits for its answer. */
export const openQuestionStates = ['Asking', 'Waiting', 'Failing'] as const satisfies readonly QuestionState[];

/** Who is asked, how often, and how long their word counts. */
export interface AskedGate {
  readonly url: string;
  /** The name of the credential that signs the question. */
  readonly secret: string;
  readonly everyMs: number;
  readonly expiresMs: number;
}

/** What somebody outside said of exactly these inputs. */
export interface WebAnswer {
  readonly uid: string;
  readonly environment: string;
  /** Of the rollout that was asked about, where it is for a wave: it lets nothing into the stage. */
  readonly wave?: string;
  readonly digest: string;
  readonly gate: AskedGate;
  readonly state: QuestionState;
  /** Why, in their words; of one that did not answer, what came instead. */
  readonly reason?: string;
  /** Since when it is in this state. */
  readonly since: Date;
  readonly nextTry?: Date;
  readonly expiresAt?: Date;
}

/** A question that a plan wants asked: anew where it was answered, and that counts no more. */
export interface PlannedQuestion {
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly gate: AskedGate;
}

/** Whether it waits for its answer. */
export function isOpenQuestion({ state }: Pick<WebAnswer, 'state'>): boolean {
  return (openQuestionStates as readonly QuestionState[]).includes(state);
}
