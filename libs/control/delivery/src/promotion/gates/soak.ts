import { formatAge, isoTime, parseDuration } from '@flotilla/foundation';
import type { StageVisit } from '../finished-in.ts';
import { passes, type GateKind, type Judgement } from './judge.ts';

/** A release has to be well for a while in every stage that is followed, without a break. */
export const soakGate: GateKind<'soak'> = {
  title: (soak) => `soak ${soak}`,
  judge: (soak, { visits, now, application: { name } }) => {
    const judged = [...visits].map(([environment, visit]) => soaked(environment, visit, { soak, now, name }));
    const waiting = judged.filter(({ wait }) => wait);
    // Of several that wait, what can never come is told first, and then what takes longest.
    return waiting.toSorted((left, right) => rank(right) - rank(left))[0] ?? passes;
  },
};

interface Soak {
  readonly soak: string;
  readonly now: Date;
  /** Of the application. */
  readonly name: string;
}

function soaked(environment: string, visit: StageVisit, { soak, now, name }: Soak): Judgement {
  if (visit.kind !== 'finished') {
    const blockedBy = `it has not been well in ${environment} yet`;
    const whoCanAct = `whoever mends it in ${environment}; see: flotilla explain application ${name}`;
    return { wait: { blockedBy, whoCanAct } };
  }
  const neededMs = parseDuration(soak) ?? Number.POSITIVE_INFINITY;
  const { wellSince, until } = visit;
  const wellMs = (until ?? now).getTime() - wellSince.getTime();
  if (wellMs >= neededMs) return passes;
  const since = isoTime(wellSince.getTime());
  if (until) {
    const blockedBy = `it was well in ${environment} for ${formatAge(wellMs)} of ${soak} when the next one came`;
    return { wait: { blockedBy, since }, never: true };
  }
  const end = new Date(wellSince.getTime() + neededMs);
  const blockedBy = `it has to be well in ${environment} for ${soak}`;
  return {
    wait: { blockedBy, since, whoCanAct: 'nobody has to: time alone', nextTry: isoTime(end.getTime()) },
    lookAt: end,
  };
}

function rank({ never, lookAt }: Judgement): number {
  return never ? Number.POSITIVE_INFINITY : (lookAt?.getTime() ?? 0);
}
