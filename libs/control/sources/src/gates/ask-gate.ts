import { backoffMs, toFault, type Random } from '@flotilla/foundation';
import { hmacSha256 } from '@flotilla/foundation/node';
import { placeText, type GateReply } from '@flotilla/model';
import { credentialMissing } from '../credential-missing.ts';
import type { Credentials } from '../credentials.port.ts';
import type { Post } from '../notify/notices.port.ts';
import { plainLine } from '../plain-line.ts';
import type { GateAnswer, GateKeepers, GateQuestion, GateQuestions } from './gate-questions.port.ts';
import { readReply } from './read-reply.ts';

/** What asking needs: the questions, the secrets that sign them, and the way to whoever is asked. */
export interface AskPorts {
  readonly questions: GateQuestions;
  readonly credentials: Pick<Credentials, 'get'>;
  readonly keepers: GateKeepers;
  readonly random: Random;
}

/** How long whoever does not answer is left alone: for longer each time, but never given up. */
const patience = { baseMs: 5_000, maxMs: 15 * 60_000 };
const reasonMax = 500;

/**
 * Asks somebody outside one question, and says in how long to come again. The request is sent outside of every
 * transaction, with a key that is the same until its answer is written down. Whatever is no clear word lets nobody in.
 */
export async function askGate(ports: AskPorts, uid: string, signal: AbortSignal): Promise<number | undefined> {
  const question = await ports.questions.find(uid);
  if (!question) return undefined;
  // Somebody marked it early: whoever was told to wait is not asked the sooner for it.
  if (question.dueInMs > 0) return question.dueInMs;
  const answer = await answerTo(question, ports, signal);
  await ports.questions.answered(question, answer);
  return answer.againInMs;
}

async function answerTo(question: GateQuestion, ports: AskPorts, signal: AbortSignal): Promise<GateAnswer> {
  try {
    const text = await ports.keepers.ask(await postOf(question, ports), signal);
    return answerOf(question, readReply(text, question.digest));
  } catch (error) {
    // We are stopping: that says nothing about whoever was asked.
    signal.throwIfAborted();
    return failing(question, error, ports.random);
  }
}

function answerOf({ everyMs }: GateQuestion, { answer, reason }: GateReply): GateAnswer {
  const why = reason ? { reason: plainLine(reason, reasonMax) } : {};
  switch (answer) {
    case 'allow':
      return { state: 'Allowed', ...why };
    case 'deny':
      return { state: 'Denied', ...why };
    case 'wait':
      return { state: 'Waiting', ...why, againInMs: everyMs };
  }
}

function failing({ failures }: GateQuestion, error: unknown, random: Random): GateAnswer {
  const { message, consequence } = toFault(error);
  const asked = consequence.kind === 'retry' ? (consequence.afterMs ?? 0) : 0;
  const againInMs = Math.max(asked, backoffMs(failures + 1, patience, random));
  return { state: 'Failing', reason: plainLine(message, reasonMax), againInMs };
}

async function postOf(question: GateQuestion, { credentials }: AskPorts): Promise<Post> {
  const { uid, project, application, environment, wave, release, revision, digest, url, secret, tries } = question;
  const credential = await credentials.get(project, secret);
  if (credential?.kind !== 'webhook') {
    throw credentialMissing(`the gate of ${application} before ${placeText(environment, wave)}`, {
      project,
      name: secret,
      kind: 'webhook',
    });
  }
  const key = `${uid}-${tries}`;
  const body = JSON.stringify({ question: key, project, application, environment, wave, release, revision, digest });
  const signature = `sha256=${hmacSha256(credential.secret.reveal(), body)}`;
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'flotilla-signature': signature };
  return { url, headers, body };
}
