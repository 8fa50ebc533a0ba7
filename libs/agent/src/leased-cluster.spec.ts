import { expect, it } from 'vitest';
import { leasedCluster } from './leased-cluster.ts';
import { configMapKey, theirs } from './testing/factories.ts';
import { TargetWorld } from './testing/target-world.ts';

it('AT-26: who does not hold the Lease reads, and writes nothing in any way there is', async () => {
  const world = await TargetWorld.open();
  await world.people.create(theirs('one'));
  const lease = { isHeld: false };
  const cluster = leasedCluster(world.api, lease);
  const { uid } = (await cluster.get(configMapKey('one')))!.metadata;
  world.takeWrites();
  const writes = [
    () => cluster.apply(theirs('two'), { force: true }),
    () => cluster.create(theirs('two')),
    () => cluster.mergePatch(configMapKey('one'), { data: { of: 'us' } }),
    () => cluster.delete(configMapKey('one'), { uid: uid! }),
  ];
  for (const write of writes) await expect(write()).rejects.toMatchObject({ reason: 'LeaseNotHeld' });
  const refused = world.takeWrites();
  lease.isHeld = true;
  for (const write of writes) await write();
  expect([refused, world.takeWrites()]).toEqual([
    [],
    [
      'apply ConfigMap apps/two by flotilla',
      'patch ConfigMap apps/one by flotilla',
      'delete ConfigMap apps/one by flotilla',
    ],
  ]);
});
