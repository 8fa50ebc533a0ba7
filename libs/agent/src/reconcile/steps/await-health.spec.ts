import { expect, it } from 'vitest';
import { deploymentText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

it('the reason of the failing container is read, and forgotten once it is well', async () => {
  const world = await TargetWorld.open();
  const key = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };
  await world.run([deploymentText('shop:broken', 1)]);
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: world.api.peek(key)!.metadata.uid! };
  const waiting = { reason: 'ImagePullBackOff', message: 'no such image' };
  await world.people.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'apps', ownerReferences: [owner] },
    status: {
      phase: 'Pending',
      containerStatuses: [{ name: 'app', ready: false, restartCount: 0, state: { waiting } }],
    },
  });
  await world.settle(20_000);
  const broken = world.summary();
  const status = {
    observedGeneration: 0,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    conditions: [{ type: 'Available', status: 'True' }],
  };
  await world.people.mergePatch(key, { status });
  await world.settle(20_000);
  expect([broken, world.summary()]).toEqual(['Synced Degraded ImagePullBackOff', 'Synced Healthy']);
});

it('nobody is asked why in the moment in which it was applied, and everybody soon after', async () => {
  const world = await TargetWorld.open();
  await world.run([deploymentText('shop:1', 1)]);
  const lists = () => world.failing.calls.filter(({ verb }) => verb === 'list').map(({ subject }) => subject);
  const atOnce = lists();
  await world.settle(2_000);
  expect([atOnce, lists().slice(0, 4)]).toEqual([[], ['Pod', 'ReplicaSet', 'Job', 'Event']]);
});
