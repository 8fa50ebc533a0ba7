import { isoTime } from '@flotilla/foundation';
import { maySync, nextChange, parseWindow } from '@flotilla/model';
import { passes, type GateKind } from './judge.ts';

/** A release enters at certain times only. What has entered goes on, and targets have the windows of their environment. */
export const windowGate: GateKind<'window'> = {
  title: ({ allow, deny, duration, timeZone = 'UTC' }) =>
    allow === undefined
      ? `window: not ${deny} for ${duration} (${timeZone})`
      : `window: ${allow} for ${duration} (${timeZone})`,
  judge: ({ allow, deny, duration, timeZone }, { now, wave }) => {
    const authors = `whoever writes the ${wave === undefined ? 'pipeline' : 'environment'}`;
    const kind = allow === undefined ? 'deny' : 'allow';
    const window = parseWindow({ kind, schedule: allow ?? deny ?? '', duration, timeZone });
    // What cannot be read is never open; documents with such a window are refused.
    if (!window.ok) return { wait: { blockedBy: window.reason, whoCanAct: authors } };
    const question = { now: now.getTime(), manual: false };
    if (maySync([window.value], question)) return passes;
    const opens = nextChange([window.value], question);
    const blockedBy = 'the window is closed';
    if (opens === undefined) return { wait: { blockedBy, whoCanAct: authors } };
    const whoCanAct = `nobody has to: time alone; or ${authors}`;
    return { wait: { blockedBy, whoCanAct, nextTry: isoTime(opens) }, lookAt: new Date(opens) };
  },
};
