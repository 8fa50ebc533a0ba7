import type { RolloutCourseView, RolloutView, TargetView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { mockProject } from './factories.ts';

type Waves = RolloutCourseView['waves'];
type Member = Waves[number]['members'][number];

interface RolloutPlace {
  readonly application: string;
  readonly environment: string;
}

/** A rollout that has just begun. */
export function rolloutOf(place: RolloutPlace, revision: string, beganMs: number): RolloutView {
  const name = `${place.application}-${place.environment}-${shortCommit(revision)}`;
  return {
    kind: 'Rollout',
    metadata: { uid: `rollout-${name}`, name, project: mockProject, createdAt: isoTime(beganMs) },
    spec: {
      ...place,
      release: releaseOf(revision),
      revision,
      cause: place.environment === 'dev' ? 'tracking' : 'promotion',
    },
    status: { state: 'Running', total: 0, arrived: 0, failing: 0 },
  };
}

export function releaseOf(revision: string): string {
  return `release-${revision.slice(0, 10)}`;
}

/** What stays well for less than this does not count yet. */
const soakMs = 5_000;

/** Production goes two first, then a quarter, then the rest; elsewhere everybody at once. */
export function wavesOf(rollout: RolloutView, targets: readonly TargetView[], nowMs: number): Waves {
  if (rollout.spec.environment !== 'production') return [];
  const here = targetsOf(rollout, targets);
  const quarter = Math.ceil(here.length / 4);
  const parts = [
    { name: 'canary', targets: here.slice(0, 2), uncovered: ['provider=on-premises'] },
    { name: 'quarter', targets: here.slice(2, 2 + quarter) },
    { name: 'rest', targets: here.slice(2 + quarter) },
  ];
  return parts.map(({ targets: members, ...wave }) => ({
    ...wave,
    members: members.map((target) => memberOf(rollout, target, nowMs)),
  }));
}

/** The targets that a rollout goes to. */
export function targetsOf({ spec }: RolloutView, targets: Iterable<TargetView>): readonly TargetView[] {
  return [...targets].filter(
    (target) => target.spec.application === spec.application && target.spec.environment === spec.environment,
  );
}

function memberOf({ spec, status }: RolloutView, target: TargetView, nowMs: number): Member {
  const { cluster, release, revision } = target.spec;
  const { health, reason, since } = target.status;
  if (release !== spec.release) return { cluster, phase: target.status.connection === 'Lost' ? 'Away' : 'Waiting' };
  if (target.status.revision !== revision || health === 'Progressing')
    return { cluster, phase: 'UnderWay', until: isoTime(Date.parse(since) + 15 * 60_000) };
  if (health === 'Degraded')
    return { cluster, phase: status.state === 'Halted' ? 'Failed' : 'Failing', ...(reason && { reason }) };
  const soakedAt = Date.parse(since) + soakMs;
  if (health === 'Healthy' && nowMs < soakedAt) return { cluster, phase: 'Soaking', until: isoTime(soakedAt) };
  return { cluster, phase: 'Done' };
}
