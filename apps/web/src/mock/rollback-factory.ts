import type { QuarantineView, RepairView, RollbackView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { commitOf, mockProject } from './factories.ts';

type Place = RollbackView['status']['places'][number];

/** What a mock fleet knows of going back. */
export interface MockRollbacks {
  readonly rollbacks: readonly RollbackView[];
  readonly repairs: readonly RepairView[];
  readonly quarantine: readonly QuarantineView[];
}

interface Ordered {
  readonly uid: string;
  readonly atMs: number;
  readonly spec: RollbackView['spec'];
}

/** An order to go back, with the sums of its places. */
export function rollbackOf({ uid, atMs, spec }: Ordered, places: readonly Place[]): RollbackView {
  const sum = (part: 'total' | 'arrived' | 'failing' | 'held') => places.reduce((all, place) => all + place[part], 0);
  const parts = { total: sum('total'), arrived: sum('arrived'), failing: sum('failing'), held: sum('held') };
  const state = places.find((place) => place.state === 'Running')?.state ?? places[0]?.state ?? 'Finished';
  return {
    kind: 'Rollback',
    metadata: { uid, name: uid, project: mockProject, createdAt: isoTime(atMs) },
    spec,
    status: { state, ...parts, places: [...places] },
  };
}

export function repairOf(rollback: RollbackView, branch: string, status: RepairView['status']): RepairView {
  const applications = [...new Set(rollback.status.places.map(({ application }) => application))];
  const uid = `${rollback.metadata.uid}-${branch}`;
  return {
    kind: 'Repair',
    metadata: { uid, name: uid, project: mockProject, createdAt: rollback.metadata.createdAt },
    spec: {
      rollback: rollback.metadata.uid,
      repository: 'shop',
      branch,
      applications,
      paths: applications.map((application) => `services/${application}`),
      goodRevision: rollback.status.places[0]?.revision ?? commitOf(1),
      badRevision: commitOf(703),
      reason: rollback.spec.reason,
      actor: rollback.spec.by,
    },
    status,
  };
}

export function quarantineOf(application: string, digest: string, atMs: number, reason: string): QuarantineView {
  return {
    kind: 'Quarantine',
    metadata: {
      uid: `${application}-${digest}`,
      name: `${application}-${digest.slice(0, 12)}`,
      project: mockProject,
      createdAt: isoTime(atMs),
    },
    spec: { application, digest },
    status: { by: 'user:mara', reason },
  };
}

const minute = 60_000;

/** One that is under way, one whose pull request waits, one whose revert conflicts, and one that is over. */
export function seedRollbacks(nowMs: number): MockRollbacks {
  const by = 'user:mara';
  const place = (application: string, environment: string, parts: Partial<Place>): Place => ({
    application,
    environment,
    revision: commitOf(700),
    rollout: `rollout-back-${application}-${environment}`,
    state: 'Finished',
    total: 12,
    arrived: 12,
    failing: 0,
    held: 12,
    ...parts,
  });
  const going = rollbackOf(
    {
      uid: 'rollback-mail',
      atMs: nowMs - 2 * minute,
      spec: { selection: { application: 'mail' }, to: 'previous-good', reason: 'incident 42: nothing is sent', by },
    },
    [
      place('mail', 'production', { state: 'Running', arrived: 9, failing: 1 }),
      place('mail', 'staging', { total: 2, arrived: 2, held: 2 }),
    ],
  );
  const asked = rollbackOf(
    {
      uid: 'rollback-catalogue',
      atMs: nowMs - 95 * minute,
      spec: { selection: { selector: 'region=eu-west' }, to: commitOf(700), reason: 'prices were wrong', by },
    },
    [place('catalogue', 'production', { total: 3, arrived: 3, held: 3 })],
  );
  const divided = rollbackOf(
    {
      uid: 'rollback-accounts',
      atMs: nowMs - 26 * 60 * minute,
      spec: { selection: { digest: commitOf(9).slice(0, 12) }, to: 'previous-good', reason: 'a bad base image', by },
    },
    [place('accounts', 'canary', { total: 2, arrived: 2, held: 0 })],
  );
  const conflict = { code: 'RevertConflicts', message: 'two files changed after the bad revision as well' };
  const files = ['services/accounts/overlays/canary/values.yaml', 'services/accounts/base/deployment.yaml'];
  return {
    rollbacks: [going, asked, divided],
    repairs: [
      repairOf(asked, 'main', {
        state: 'PullRequestOpen',
        attempts: 2,
        revert: commitOf(704),
        url: 'https://git.example.org/shop/pulls/42',
        conflicts: [],
        reason: { code: 'WaitsForMerge', message: 'the branch is protected' },
      }),
      repairOf(divided, 'main', { state: 'Conflict', attempts: 1, conflicts: files, reason: conflict }),
    ],
    quarantine: [
      quarantineOf('mail', `${commitOf(705)}${commitOf(706)}`.slice(0, 64), nowMs - 2 * minute, going.spec.reason),
    ],
  };
}
