import { expect, it } from 'vitest';
import { configMapText, defaultSync } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

it('what failed more often than its limit is tried on, as seldom as it may be, and says so', async () => {
  const world = await TargetWorld.open();
  const retry = { limit: 3, backoff: { duration: '1s', factor: 2, maxDuration: '1m' } };
  world.failing.fail({ on: 'apply ConfigMap apps/one' });
  await world.run([configMapText('one')], { sync: { ...defaultSync, retry } });
  const first = world.status()!.reason!.message;
  await world.settle(300_000);
  const later = world.status()!.reason!.message;
  world.failing.heal();
  await world.settle(66_000);
  expect([first, later, world.summary()]).toEqual([
    'the API server is away',
    expect.stringMatching(/^the API server is away \(tried \d+ times; it goes on every 60s\)$/),
    'Synced Healthy',
  ]);
});
