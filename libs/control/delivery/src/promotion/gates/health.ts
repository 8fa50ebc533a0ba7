import { isoTime } from '@flotilla/foundation';
import type { GateContext, Judgement } from './judge.ts';
import { passes } from './judge.ts';

/** The gate that nobody writes and that is always there: every stage that is followed has finished, and is well. */
export function judgeHealth({ visits, application }: GateContext): Judgement {
  for (const [environment, visit] of visits) {
    if (visit.kind === 'never') return { wait: { blockedBy: `it ${visit.why}` }, never: true };
    if (visit.kind === 'finished') continue;
    const { blockedBy, since } = visit;
    const whoCanAct = `whoever mends it in ${environment}; see: flotilla explain application ${application.name}`;
    return { wait: { blockedBy, ...(since && { since: isoTime(since.getTime()) }), whoCanAct } };
  }
  return passes;
}
