import { operations, type AgentUpgradeView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { FakeControlPlane, Refusal } from '../testing/fake-control-plane.ts';
import { anHourAgo, planeWith, sampleCluster, worldOf } from '../testing/sample-fleet.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const image = `registry.example.org/flotilla:0.2.0@${digest}`;

function upgradeOf(over: Partial<AgentUpgradeView['status']> = {}): AgentUpgradeView {
  return {
    kind: 'AgentUpgrade',
    metadata: { uid: 'upgrade-1', name: 'upgrade-1', project: 'default', createdAt: anHourAgo },
    spec: { image, version: '0.2.0', atOnce: 2, failuresMax: 0, deadlineSeconds: 600 },
    status: {
      state: 'Halted',
      reason: { code: 'FailuresExceeded', message: '1 failed, and at most 0 may: eu-1' },
      steps: [
        {
          cluster: 'eu-1',
          state: 'Failed',
          since: anHourAgo,
          reason: { code: 'AgentUpgradeFailed', message: 'the old one was put back' },
        },
        { cluster: 'eu-2', state: 'Waiting', since: anHourAgo },
      ],
      ...over,
    },
  };
}

const opening = () => new FakeControlPlane().on(operations.openAgentUpgrade, () => upgradeOf());
const listing = (...upgrades: AgentUpgradeView[]) =>
  planeWith({ clusters: [sampleCluster('eu-1'), sampleCluster('eu-2')] }).on(operations.listAgentUpgrades, () => ({
    items: upgrades,
  }));

describe('agent upgrade', () => {
  it('asks for the image by its digest, and reads the version from its tag', async () => {
    const plane = opening();
    const { code } = await worldOf(plane).run('agent', 'upgrade', '--image', image, '-l', 'a=b', '--at-once', '2');
    expect([code, plane.orders]).toEqual([
      0,
      [
        `POST /api/v1/projects/default/agent-upgrades {"image":"${image}","version":"0.2.0","selector":"a=b","atOnce":2}`,
      ],
    ]);
  });

  it('takes the version, the budget and the deadline as they are said', async () => {
    const plane = opening();
    const bare = `registry.example.org/flotilla@${digest}`;
    const flags = ['--agent-version', '0.3.0', '--max-failures', '1', '--deadline', '90s'];
    await worldOf(plane).run('agent', 'upgrade', '--image', bare, ...flags);
    expect(plane.orders[0]).toContain('"version":"0.3.0","failuresMax":1,"deadlineSeconds":90}');
  });

  it('is refused without a version, before anything is asked', async () => {
    const plane = opening();
    const { code, err } = await worldOf(plane).run('agent', 'upgrade', '--image', `registry/flotilla@${digest}`);
    expect([code, plane.asked]).toEqual([2, []]);
    expect(err).toContain('--agent-version');
  });
});

describe('agent status', () => {
  it('shows each cluster, and why it halted', async () => {
    const { out } = await worldOf(listing(upgradeOf())).run('agent', 'status');
    expect(out).toContain('State:     Halted: FailuresExceeded: 1 failed, and at most 0 may: eu-1\n');
    expect(out).toContain('  eu-1   Failed    AgentUpgradeFailed: the old one was put back\n  eu-2   Waiting   \n');
  });

  it('has nothing to show where none was ever upgraded', async () => {
    const { code, out, err } = await worldOf(listing()).run('agent', 'status');
    expect([code, out, err]).toEqual([0, '', 'no agent was ever upgraded from here\n']);
  });
});

describe('agent list', () => {
  it('says which agent each cluster runs, and what becomes of it now', async () => {
    const { out } = await worldOf(listing(upgradeOf())).run('agent', 'list');
    expect(out).toBe(
      [
        'CLUSTER   AGENT   CONNECTION   LAST SEEN   UPGRADE',
        'eu-1              Connected    60m         Failed 0.2.0',
        'eu-2              Connected    60m         Waiting 0.2.0',
        '',
      ].join('\n'),
    );
  });

  it('says nothing of an upgrade that is over', async () => {
    const { out } = await worldOf(listing(upgradeOf({ state: 'Finished' }))).run('agent', 'list', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ items: [{ cluster: 'eu-1' }, { cluster: 'eu-2' }] });
    expect(out).not.toContain('upgrade');
  });
});

describe('agent pause, resume, abort', () => {
  it.each(['pause', 'resume', 'abort'])('%s', async (order) => {
    const plane = new FakeControlPlane().on(operations.steerAgentUpgrade, () => upgradeOf());
    const { code } = await worldOf(plane).run('agent', order);
    expect([code, plane.orders]).toEqual([0, [`POST /api/v1/projects/default/agent-upgrades/${order}`]]);
  });

  it('says so when none is under way', async () => {
    const plane = new FakeControlPlane().on(operations.steerAgentUpgrade, () => {
      throw new Refusal(404, 'UpgradeMissing', 'no agent upgrade is under way in project default');
    });
    const { code, err } = await worldOf(plane).run('agent', 'pause');
    expect([code, err]).toEqual([5, 'error: no agent upgrade is under way in project default\n']);
  });
});
