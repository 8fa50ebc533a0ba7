import { expect, it } from 'vitest';
import { targetOf } from '../mock/factories.ts';
import { countsByCluster } from './counts-by-cluster.ts';

it('each cluster has its targets in numbers; one without a target has none', () => {
  const dev = targetOf({ application: 'checkout', environment: 'dev', cluster: 'dev-1' }, 'a', 0);
  const mail = targetOf({ application: 'mail', environment: 'dev', cluster: 'dev-1' }, 'a', 0);
  const broken = { ...mail, status: { ...mail.status, sync: 'OutOfSync', health: 'Degraded' } as const };
  expect(countsByCluster([dev, broken])).toEqual(
    new Map([['dev-1', { total: 2, sync: { Synced: 1, OutOfSync: 1 }, health: { Healthy: 1, Degraded: 1 } }]]),
  );
});
