import type { Post } from '../notify/notices.port.ts';

/** Whether a release may enter a stage, or a wave of its rollout begin, as somebody outside is asked it. */
export interface GateQuestion {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  /** Before this wave of its rollout, where that is asked, and not before the stage. */
  readonly wave?: string;
  readonly release: string;
  readonly revision: string;
  /** The source digest that would enter: what the answer is about. */
  readonly digest: string;
  readonly url: string;
  /** The name of the credential that signs it. */
  readonly secret: string;
  readonly everyMs: number;
  readonly expiresMs: number;
  /** How often it was answered, or given up, before. */
  readonly tries: number;
  /** How many of the last tries brought no answer that counts. */
  readonly failures: number;
  /** In how long it is to be asked; now, when that is past. */
  readonly dueInMs: number;
}

/** What became of one try. */
export interface GateAnswer {
  readonly state: 'Allowed' | 'Denied' | 'Waiting' | 'Failing';
  readonly reason?: string;
  /** In how long to ask again; never when it was answered. */
  readonly againInMs?: number;
}

/** The record of what is to be asked, which a plan fills and reads. */
export interface GateQuestions {
  /** A question that waits for an answer; nothing once it has one, or nobody wants to know any more. */
  find(uid: string): Promise<GateQuestion | undefined>;
  /** Notes what one try brought, and has looked again at whatever waits for it. A try that another one took over from changes nothing. */
  answered(question: GateQuestion, answer: GateAnswer): Promise<void>;
}

/** The way to whoever is asked. */
export interface GateKeepers {
  /** The text of an answer that was a success; anything else is a fault. */
  ask(post: Post, signal: AbortSignal): Promise<string>;
}
