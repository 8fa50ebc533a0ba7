import { describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { planeWith, sampleCluster, sampleTarget, worldOf } from '../testing/sample-fleet.ts';

const plane = () =>
  planeWith({ clusters: [sampleCluster('eu-1')], targets: [sampleTarget('checkout.production.eu-1')] }).on(
    operations.forgetCluster,
    () => ({ cluster: 'uid1' }),
  );
const order = (even: boolean) => `DELETE /api/v1/projects/default/clusters/eu-1?evenConnected=${even}`;

describe('cluster forget', () => {
  it('says what stays there, and forgets', async () => {
    const forgetting = plane();
    const { code, out, err } = await worldOf(forgetting).run('cluster', 'forget', 'eu-1', '--yes');
    expect([code, out, forgetting.orders]).toEqual([0, 'cluster/eu-1 forgotten\n', [order(false)]]);
    expect(err).toContain('1 target there are orphaned, and run on as they are: checkout.production.eu-1');
  });

  it.each([
    ['nothing unless somebody says yes', ['eu-1'], 2, []],
    ['nothing that is not there', ['eu-9', '--yes'], 5, []],
    ['one that is heard when told so', ['eu-1', '--yes', '--even-connected'], 0, [order(true)]],
  ])('forgets %s', async (_, words, code, orders) => {
    const forgetting = plane();
    const outcome = await worldOf(forgetting).run('cluster', 'forget', ...words);
    expect([outcome.code, forgetting.orders]).toEqual([code, orders]);
  });
});
