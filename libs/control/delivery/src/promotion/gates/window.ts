import { isoTime } from '@flotilla/foundation';
import { maySync, nextChange, parseWindow, type Gate } from '@flotilla/model';
import { passes, type GateKind, type Judgement } from './judge.ts';

type WindowGate = NonNullable<Gate['window']>;

/** A release enters at certain times only. What has entered goes on, and targets have the windows of their environment. */
export const windowGate: GateKind<'window'> = {
  title: ({ allow, deny, duration, timeZone = 'UTC' }) =>
    allow === undefined
      ? `window: not ${deny} for ${duration} (${timeZone})`
      : `window: ${allow} for ${duration} (${timeZone})`,
  judge: (gate, { now, wave }) => {
    const known = judged.get(gate);
    if (known?.at === now.getTime() && known.wave === wave) return known.judgement;
    const judgement = judgeWindow(gate, now, wave);
    judged.set(gate, { at: now.getTime(), wave, judgement });
    return judgement;
  },
};

/** A window says the same of every release, and a plan asks it about each: when it opens may take a while to find. */
const judged = new WeakMap<WindowGate, { at: number; wave: string | undefined; judgement: Judgement }>();

function judgeWindow({ allow, deny, duration, timeZone }: WindowGate, at: Date, wave: string | undefined): Judgement {
  const authors = `whoever writes the ${wave === undefined ? 'pipeline' : 'environment'}`;
  const kind = allow === undefined ? 'deny' : 'allow';
  const window = parseWindow({ kind, schedule: allow ?? deny ?? '', duration, timeZone });
  // What cannot be read is never open; documents with such a window are refused.
  if (!window.ok) return { wait: { blockedBy: window.reason, whoCanAct: authors } };
  const question = { now: at.getTime(), manual: false };
  if (maySync([window.value], question)) return passes;
  const opens = nextChange([window.value], question);
  const blockedBy = 'the window is closed';
  if (opens === undefined) return { wait: { blockedBy, whoCanAct: authors } };
  const whoCanAct = `nobody has to: time alone; or ${authors}`;
  return { wait: { blockedBy, whoCanAct, nextTry: isoTime(opens) }, lookAt: new Date(opens) };
}
