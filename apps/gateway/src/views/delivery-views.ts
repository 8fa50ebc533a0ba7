import type {
  EventView,
  RanView,
  ReleaseView,
  RevisionView,
  RolloutCourseView,
  RolloutView,
  StageView,
} from '@flotilla/contracts';
import type { RecordedEvent } from '@flotilla/control-access';
import {
  explainRollout,
  type DeploymentRecord,
  type ReleaseRecord,
  type RolloutRecord,
  type RolloutWaveRecord,
  type StageReading,
} from '@flotilla/control-delivery';
import type { RevisionRecord } from '@flotilla/control-sources';
import { shortCommit } from '@flotilla/model';
import { optionalTime, wireTime } from './metadata.ts';

export function revisionView(revision: RevisionRecord): RevisionView {
  const { uid, project, repository, ref, commit, author, subject, committedAt, seenAt } = revision;
  return {
    kind: 'Revision',
    metadata: { uid, name: shortCommit(commit), project, createdAt: wireTime(seenAt) },
    spec: { repository, ref, commit },
    status: { author, subject, committedAt: wireTime(committedAt), seenAt: wireTime(seenAt) },
  };
}

export function releaseView({
  uid,
  project,
  application,
  revision,
  digests,
  targets,
  stands,
  createdAt,
}: ReleaseRecord): ReleaseView {
  return {
    kind: 'Release',
    metadata: { uid, name: `${application}-${shortCommit(revision)}`, project, createdAt: wireTime(createdAt) },
    spec: { application, revision, digests: { ...digests } },
    status: { targets, stands: { ...stands } },
  };
}

export function stageView({
  project,
  application,
  environment,
  standing,
  revision,
  pinned,
  changedAt,
}: StageReading): StageView {
  const { after, promote, runs, holds, unsaid, candidates } = standing;
  const name = `${application}.${environment}`;
  return {
    kind: 'Stage',
    metadata: { uid: name, name, project, createdAt: wireTime(changedAt) },
    spec: { application, environment, after: [...after], promote },
    status: {
      ...(runs && { release: runs }),
      ...(revision && { revision }),
      ...(holds && { holds: [...holds] }),
      ...(pinned && { pinned: pinned.map((pin) => ({ ...pin })) }),
      ...(unsaid && { unsaid }),
      candidates: candidates.map(({ waits, passed, untried, untriedSettings, ...candidate }) => ({
        ...candidate,
        waits: [...waits],
        passed: [...passed],
        untried: [...untried],
        ...(untriedSettings && { untriedSettings: [...untriedSettings] }),
      })),
      changedAt: wireTime(changedAt),
    },
  };
}

export function rolloutView(rollout: RolloutRecord): RolloutView {
  const { uid, project, application, environment, release, revision, cause, rollback } = rollout;
  const { state, total, arrived, failing } = rollout;
  return {
    kind: 'Rollout',
    metadata: {
      uid,
      name: `${application}-${environment}-${shortCommit(revision)}`,
      project,
      createdAt: wireTime(rollout.createdAt),
    },
    spec: { application, environment, release, revision, cause, ...(rollback !== undefined && { rollback }) },
    status: {
      state,
      total,
      arrived,
      failing,
      ...(rollout.wave !== undefined && { wave: rollout.wave }),
      ...(rollout.blocked && { blocked: rollout.blocked }),
      ...optionalTime('blockedSince', rollout.blockedSince),
      ...optionalTime('finishedAt', rollout.finishedAt),
    },
  };
}

export function rolloutCourseView(rollout: RolloutRecord, waves: readonly RolloutWaveRecord[]): RolloutCourseView {
  return {
    ...rolloutView(rollout),
    explanation: explainRollout(rollout, waves).map((line) => ({ ...line })),
    waves: waves.map(({ name, uncovered, waits, members }) => ({
      name,
      ...(uncovered && { uncovered: [...uncovered] }),
      ...(waits && { waits: waits.map((wait) => ({ ...wait })) }),
      members: members.map(({ until, ...member }) => ({ ...member, ...optionalTime('until', until) })),
    })),
  };
}

export function ranView({ at, healthyAt, until, images, ...deployment }: DeploymentRecord): RanView {
  return {
    ...deployment,
    at: wireTime(at),
    ...optionalTime('healthyAt', healthyAt),
    ...optionalTime('until', until),
    ...(images && { images: [...images] }),
  };
}

export function eventView({ at, project: _, ...event }: RecordedEvent): EventView {
  return { ...event, at: wireTime(at) };
}
