import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import type { TargetReading, WaitingWork } from './fleet-reader.port.ts';

/** One line of an answer to "why is this target as it is?". */
export interface Explanation {
  readonly state: string;
  readonly blockedBy?: string;
  readonly since?: string;
  readonly whoCanAct?: string;
  readonly nextTry?: string;
}

/**
 * Says what stands between a target and where it should be, nearest to the cluster last: Git, planning, the way to the
 * agent, the agent's own words. An empty way is said as well.
 */
export function explainTarget(target: TargetReading, waiting: readonly WaitingWork[]): Explanation[] {
  const lines = [
    ...waiting.flatMap(explainWork),
    ...explainSuspension(target),
    ...explainFreezes(target),
    ...explainPin(target),
    ...explainConnection(target),
    ...explainStatus(target),
  ];
  return lines.length > 0 ? lines : [{ state: `runs ${shortCommit(target.entry.source.revision)}; nothing waits` }];
}

const stations: Readonly<Record<string, string>> = {
  repository: 'reading the repository',
  plan: 'planning the application',
  set: 'sending the cluster its set',
};

function explainWork({ kind, since, nextTry, error }: WaitingWork): Explanation[] {
  const station = stations[kind];
  if (!station || !error) return [];
  return [
    {
      state: `${station} failed`,
      blockedBy: `${error.reason}: ${error.message}`,
      since: isoTime(since.getTime()),
      ...(error.until && { whoCanAct: `a person: until ${error.until}` }),
      ...(nextTry && { nextTry: isoTime(nextTry.getTime()) }),
    },
  ];
}

function explainSuspension({ entry }: TargetReading): Explanation[] {
  const { suspended } = entry;
  if (!suspended) return [];
  const { by, reason, since } = suspended;
  return [{ state: 'suspended', blockedBy: `${by}: ${reason}`, since, whoCanAct: 'whoever may run: flotilla resume' }];
}

/** Whoever ordered it is named with the way to end it; a glass that was broken is told with what passes. */
function explainFreezes({ entry: { frozen = [], breakGlass } }: TargetReading): Explanation[] {
  const lines = frozen.map(({ name, scope, by, reason, since, expires }): Explanation => {
    const what = scope === 'deploys' ? 'it takes no other release' : 'nothing is written to it';
    return {
      state: `frozen: ${what}`,
      blockedBy: `freeze ${name} by ${by}: ${reason}`,
      since,
      whoCanAct: `whoever may run: flotilla unfreeze ${name}`,
      ...(expires !== undefined && { nextTry: expires }),
    };
  });
  if (!breakGlass) return lines;
  const { by, reason, since, expires, sourceDigest } = breakGlass;
  const state = `the glass is broken for ${sourceDigest.slice(0, 8)} until ${expires}`;
  return [...lines, { state, blockedBy: `${by}: ${reason}`, since }];
}

function explainPin({ entry }: TargetReading): Explanation[] {
  const { pin, source } = entry;
  if (!pin) return [];
  const state = `differs from Git: held at ${shortCommit(source.revision)}`;
  return [{ state, blockedBy: `${pin.by}: ${pin.reason}`, since: pin.since, whoCanAct: lifting }];
}

const lifting = 'Git, once it says the same; or whoever may run: flotilla unpin';

function explainConnection({ connection, cluster, lastSeenAt }: TargetReading): Explanation[] {
  const since = lastSeenAt ? { since: isoTime(lastSeenAt.getTime()) } : {};
  switch (connection) {
    case 'Connected':
      return [];
    case 'Pending':
      return [
        {
          state: 'waiting',
          blockedBy: `cluster ${cluster} has no agent yet`,
          whoCanAct: `whoever may run: flotilla cluster join ${cluster}`,
        },
      ];
    case 'Ahead':
      return [
        {
          state: 'waiting',
          blockedBy: `cluster ${cluster} holds a set that this database never issued; nothing is sent to it, and nothing is deleted there`,
          whoCanAct: 'whoever may run: flotilla recover',
        },
      ];
    case 'Lost':
      return [
        {
          state: 'waiting',
          blockedBy: `cluster ${cluster} is not heard; it goes on by itself with what it has`,
          ...since,
        },
      ];
    case 'Revoked':
      return [
        {
          state: 'waiting',
          blockedBy: `the identities of cluster ${cluster} are revoked; nothing is sent to it`,
          whoCanAct: `whoever may run: flotilla cluster join ${cluster}`,
        },
      ];
    case 'Deaf':
      return [{ state: 'waiting', blockedBy: 'the control plane cannot hear any cluster right now', ...since }];
  }
}

function explainStatus({ entry, status, connection }: TargetReading): Explanation[] {
  if (!status)
    return connection === 'Connected' || connection === 'Ahead'
      ? [{ state: 'waiting', blockedBy: 'the agent has not reported it yet' }]
      : [];
  const since = isoTime(status.since.getTime());
  if (status.generation < entry.generation) {
    return [
      {
        state: 'on its way',
        blockedBy: `the agent last spoke of generation ${status.generation} of ${entry.generation}`,
        since,
      },
    ];
  }
  // A suspension or a pin by order was said above, with who can lift it.
  const said = [...(entry.suspended ? ['Suspended'] : []), ...(entry.pin ? ['Pinned'] : [])];
  if (!status.reason || said.includes(status.reason.code)) return [];
  return [
    { state: `${status.sync}, ${status.health}`, blockedBy: `${status.reason.code}: ${status.reason.message}`, since },
  ];
}
