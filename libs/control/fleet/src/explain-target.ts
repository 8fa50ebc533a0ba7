import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { explainConnection } from './explain-connection.ts';
import { explainStatus } from './explain-status.ts';
import type { Explanation } from './explanation.ts';
import type { TargetReading, WaitingWork } from './fleet-reader.port.ts';

/** What a target may wait for that is not said by itself. */
export interface OnTheWay {
  /** What holds a release back before it is sent here at all. */
  readonly ahead?: readonly Explanation[];
  readonly waiting: readonly WaitingWork[];
  readonly now: number;
}

/**
 * Says what stands between a target and where it should be, nearest to the cluster last: Git, planning, the way to the
 * agent, the agent's own words. An empty way is said as well.
 */
export function explainTarget(target: TargetReading, { ahead = [], waiting, now }: OnTheWay): Explanation[] {
  const { application, environment } = target.entry;
  const name = `${application}.${environment}.${target.cluster}`;
  const lines = [
    ...ahead,
    ...waiting.flatMap((work) => explainWork(work, application)),
    ...explainSuspension(target, name),
    ...explainFreezes(target, name),
    ...explainPin(target, name),
    ...explainConnection(target),
    ...explainStatus(target, name, now),
  ];
  return lines.length > 0 ? lines : [{ state: `runs ${shortCommit(target.entry.source.revision)}; nothing waits` }];
}

const stations: Readonly<Record<string, string>> = {
  repository: 'reading the repository',
  plan: 'planning the application',
  set: 'sending the cluster its set',
};

function explainWork({ kind, since, nextTry, error }: WaitingWork, application: string): Explanation[] {
  const station = stations[kind];
  if (!station || !error) return [];
  const whoCanAct =
    error.reason === 'Quarantined' ? lifting(application) : error.until && `a person: until ${error.until}`;
  return [
    {
      state: `${station} failed`,
      blockedBy: `${error.reason}: ${error.message}`,
      since: isoTime(since.getTime()),
      ...(whoCanAct && { whoCanAct }),
      ...(nextTry && { nextTry: isoTime(nextTry.getTime()) }),
    },
  ];
}

function lifting(application: string): string {
  return `Git, with something newer; or whoever may run: flotilla quarantine lift ${application} DIGEST --reason WHY, with one of: flotilla get quarantines`;
}

function explainSuspension({ entry }: TargetReading, name: string): Explanation[] {
  const { suspended } = entry;
  if (!suspended) return [];
  const { by, reason, since } = suspended;
  const whoCanAct = `whoever may run: flotilla resume target ${name}`;
  return [{ state: 'suspended', blockedBy: `${by}: ${reason}`, since, whoCanAct }];
}

/** Whoever ordered it is named with the way to end it; a glass that was broken is told with what passes. */
function explainFreezes({ entry: { frozen = [], breakGlass } }: TargetReading, target: string): Explanation[] {
  const passing = `flotilla sync target ${target} --break-glass --reason WHY`;
  const lines = frozen.map(({ name, scope, by, reason, since, expires }): Explanation => {
    const what = scope === 'deploys' ? 'it takes no other release' : 'nothing is written to it';
    return {
      state: `frozen: ${what}`,
      blockedBy: `freeze ${name} by ${by}: ${reason}`,
      since,
      whoCanAct: `whoever may run: flotilla unfreeze ${name}; or to pass it: ${passing}`,
      ...(expires !== undefined && { nextTry: expires }),
    };
  });
  if (!breakGlass) return lines;
  const { by, reason, since, expires, sourceDigest } = breakGlass;
  const state = `the glass is broken for ${sourceDigest.slice(0, 8)} until ${expires}`;
  return [...lines, { state, blockedBy: `${by}: ${reason}`, since }];
}

function explainPin({ entry }: TargetReading, name: string): Explanation[] {
  const { pin, source } = entry;
  if (!pin) return [];
  const state = `differs from Git: held at ${shortCommit(source.revision)}`;
  const whoCanAct = `Git, once a release that says the same enters here; or whoever may run: flotilla unpin target ${name} --reason WHY`;
  return [{ state, blockedBy: `${pin.by}: ${pin.reason}`, since: pin.since, whoCanAct }];
}
