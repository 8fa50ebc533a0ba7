import { operations, type RepairView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { anHourAgo, planeWith, worldOf } from '../testing/sample-fleet.ts';

const good = 'aaaaaaaa'.padEnd(40, '0');
const bad = 'bbbbbbbb'.padEnd(40, '0');
const revert = 'cccccccc'.padEnd(40, '0');

function repair(name: string, status: Partial<RepairView['status']>): RepairView {
  return {
    kind: 'Repair',
    metadata: { uid: name, name, project: 'default', createdAt: anHourAgo },
    spec: {
      rollback: 'rb1',
      repository: 'shop',
      branch: 'main',
      applications: ['checkout'],
      paths: ['services/checkout'],
      goodRevision: good,
      badRevision: bad,
      reason: 'it returned 500s',
      actor: 'user:ann',
    },
    status: { state: 'Waiting', attempts: 1, conflicts: [], ...status },
  };
}

const conflict = { code: 'RepairConflict', message: 'a.yaml changed after the bad revision as well; decide in Git' };
const items = [
  repair('shop-1', { state: 'Pushed', revert }),
  repair('shop-2', { state: 'Conflict', conflicts: ['services/checkout/a.yaml'], reason: conflict }),
];
const world = () => worldOf(planeWith({}).on(operations.listRepairs, () => ({ items })));

describe('repairs of Git', () => {
  it('are listed with how far each has come, and why it waits', async () => {
    expect((await world().run('get', 'repairs')).out).toBe(
      [
        'NAME     REPOSITORY   BRANCH   STATE      BACK TO    COMMIT     URL      AGE   REASON',
        'shop-1   shop         main     Pushed     aaaaaaaa   cccccccc   <none>   60m   <none>',
        'shop-2   shop         main     Conflict   aaaaaaaa   <none>     <none>   60m   RepairConflict: a.yaml changed after the bad revision as well; decide in Git',
        '',
      ].join('\n'),
    );
  });

  it('are described with what there is to decide', async () => {
    expect((await world().run('describe', 'repair', 'shop-2')).out).toBe(
      [
        'Name:          shop-2',
        'Repository:    shop, branch main',
        'State:         Conflict',
        `Why it waits:  ${conflict.code}: ${conflict.message}`,
        `Back to:       ${good}`,
        `From:          ${bad}`,
        'Asked for by:  user:ann',
        'Reason:        it returned 500s',
        'Rollback:      rb1',
        'Looks:         1',
        'Applications:  checkout',
        'Paths:         services/checkout',
        'To decide:     services/checkout/a.yaml',
        '',
      ].join('\n'),
    );
  });
});
