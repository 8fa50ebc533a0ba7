import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planUpgrade } from '@flotilla/control-delivery';
import { agentUpgradeCases, upgradeRequest } from '@flotilla/control-delivery/testing';
import type { Store } from '@flotilla/control-store';
import { systemActor, type UpgradeProgress } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { storedUpgradeWorld } from '../support/stored-upgrades.ts';

const by = systemActor('test');
const project = 'default';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

async function ledgerOf(store: Store): Promise<string[]> {
  const sql = `SELECT action || ' ' || subject AS line FROM ledger WHERE action LIKE 'upgrade.%' ORDER BY id`;
  return (await store.query<{ line: string }>(sql)).map(({ line }) => line);
}

describe('AT-41 an agent upgrade in PostgreSQL', () => {
  it.each(agentUpgradeCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedUpgradeWorld(fixture))).resolves.toBeUndefined();
  });

  it('writes a line into the ledger for each order and each step, not for each hello nor for what is repeated', async () => {
    const { upgrades, clusters, store } = await storedUpgradeWorld(fixture);
    const upgrade = await upgrades.open(project, upgradeRequest, { ...by, request: 'request-1' });
    await upgrades.open(project, upgradeRequest, { ...by, request: 'request-1' });
    const says = async (state: UpgradeProgress['state']) => {
      await upgrades.heard([{ cluster: clusters.a, version: '0.1.0', progress: { upgrade, state } }]);
      await upgrades.look(upgrade, planUpgrade);
    };
    await Promise.all([1, 2, 3].map(() => upgrades.look(upgrade, planUpgrade)));
    for (let hello = 0; hello < 5; hello++) await says('Working');
    await says('Failed');
    for (let sent = 0; sent < 2; sent++) await upgrades.steer(project, 'resume', { ...by, request: 'request-2' });
    await upgrades.look(upgrade, planUpgrade);
    expect(await ledgerOf(store)).toEqual([
      `upgrade.open AgentUpgrade default/${upgrade}`,
      'upgrade.begin Cluster default/a',
      'upgrade.fail Cluster default/a',
      `upgrade.halt AgentUpgrade default/${upgrade}`,
      `upgrade.resume AgentUpgrade default/${upgrade}`,
      'upgrade.begin Cluster default/b',
    ]);
  });
});
