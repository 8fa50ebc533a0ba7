import { canonicalJson, isoTime, parseDuration } from '@flotilla/foundation';
import { webGateDefaults, type WebGate } from '@flotilla/model';
import type { GateWait } from '../stage-standing.ts';
import type { AskedGate, WebAnswer } from '../web-answers.ts';
import { passes, type GateKind, type GateContext, type Judgement } from './judge.ts';

const titlePrefix = 'web ';

/**
 * Somebody outside has to let exactly these inputs in. A plan asks nobody: it reads what was answered, and says who is to
 * be asked. Anything but a clear word holds the release back.
 */
export const webGate: GateKind<'web'> = {
  title: ({ url }) => `${titlePrefix}${url.replace(/^https?:\/\//, '')}`,
  judge: (gate, context) => {
    const answer = answerTo(gate, context);
    if (!answer || isOver(answer, context.now)) return { wait: notAsked(context), asks: gate };
    if (answer.state === 'Allowed' || answer.state === 'Overridden') return lasting(answer);
    return { wait: heldBy(gate, answer, context) };
  },
};

/** Whether a wait is for somebody outside: they are asked once there is no other. */
export function isWebWait({ gate }: Pick<GateWait, 'gate'>): boolean {
  return gate.startsWith(titlePrefix);
}

/** What has to be the same for an answer to be one to this gate: whoever changes the gate has it asked anew. */
export function askedGate({ url, secret, every, expires }: WebGate): AskedGate {
  const everyMs = parseDuration(every ?? webGateDefaults.every) ?? 0;
  const expiresMs = parseDuration(expires ?? webGateDefaults.expires) ?? 0;
  return { url, secret, everyMs, expiresMs };
}

function answerTo(gate: WebGate, { environment, wave, release, facts }: GateContext): WebAnswer | undefined {
  const asked = canonicalJson(askedGate(gate));
  const digest = release.digests[environment];
  return facts.answers.find(
    (answer) =>
      answer.environment === environment &&
      answer.wave === wave &&
      answer.digest === digest &&
      canonicalJson(answer.gate) === asked,
  );
}

/** It counted for a while, and the release has not entered in it. */
function isOver({ expiresAt }: WebAnswer, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function lasting({ expiresAt }: WebAnswer): Judgement {
  return expiresAt ? { lookAt: expiresAt } : passes;
}

function notAsked(context: GateContext): Omit<GateWait, 'gate'> {
  return { blockedBy: 'it is asked once nothing else holds the release back', whoCanAct: overriders(context) };
}

function heldBy(gate: WebGate, answer: WebAnswer, context: GateContext): Omit<GateWait, 'gate'> {
  const { state, reason, since, nextTry } = answer;
  const words = {
    Asking: 'has not answered yet',
    Waiting: 'says to wait',
    Failing: 'did not answer',
    Denied: 'says no',
  };
  const word = words[state as keyof typeof words];
  return {
    blockedBy: `${URL.parse(gate.url)?.host ?? gate.url} ${word}${reason ? `: ${reason}` : ''}`,
    since: isoTime(since.getTime()),
    whoCanAct: overriders(context),
    ...(nextTry && { nextTry: isoTime(nextTry.getTime()) }),
  };
}

function overriders({ application, environment, wave }: GateContext): string {
  const place = `${application.name}.${environment}${wave === undefined ? '' : ` --wave ${wave}`}`;
  return `whoever is asked; or whoever may run: flotilla override ${place} --reason WHY`;
}
