import { expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import { configMapKey, configMapText, deploymentText } from '../../testing/factories.ts';
import { argo, endJob, job } from '../../testing/jobs.ts';
import { TargetWorld } from '../../testing/target-world.ts';

it('says what runs, from when on, and with which render', async () => {
  const world = await TargetWorld.open();
  await world.settle(5_000);
  const { release, sourceDigest, source } = await world.run([configMapText('one')]);
  const { rendered, record } = world.reconciler.memory('target1')!;
  const { renderDigest } = rendered!;
  expect([record.running, record.bundles]).toMatchObject([
    { release, sourceDigest, revision: source.revision, renderDigest, appliedAt: '2026-01-01T00:00:05.000Z' },
    [{ release, renderDigest }],
  ]);
});

it('tells the images of what is applied, and of the hooks that ran with it', async () => {
  const world = await TargetWorld.open();
  const hook = (phase: string, image: string) =>
    job(phase.toLowerCase(), argo(phase)).replace('containers: []', `containers: [{name: a, image: "${image}"}]`);
  await world.run([
    deploymentText('registry.example.org/web:1'),
    hook('PreSync', 'migrate:1'),
    hook('PostSync', 'told:1'),
    hook('SyncFail', 'never:1'),
  ]);
  const waiting = world.status()!.images;
  await endJob(world, 'presync', 'Complete');
  const applied = world.status()!.images;
  await world.restart();
  const again = world.status()!.images;
  await world.run([configMapText('one')]);
  const images = ['migrate:1', 'registry.example.org/web:1', 'told:1'];
  expect({ waiting, applied, again, none: world.status()!.images }).toEqual({
    waiting: undefined,
    applied: images,
    again: images,
    none: [],
  });
});

it('an object that was made again does not make the release a newer one', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  await world.settle(60_000);
  await world.people.delete(configMapKey('one'), { uid: world.api.peek(configMapKey('one'))!.metadata.uid! });
  await world.settle();
  expect([world.status()!.appliedAt, world.summary()]).toEqual(['2026-01-01T00:00:00.000Z', 'Synced Healthy']);
});

it('what somebody had changed under the release before is no news under this one', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
  await world.settle();
  const before = world.status()!.drift?.map(({ field, manager }) => `${field} ${manager}`);
  await world.run([configMapText('one', { a: '2' })]);
  expect([before, world.status()!.drift]).toEqual([['.data.a kubectl-edit'], undefined]);
});

it('what was made again, with its answer lost, is written once more and then known', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  const { uid } = world.api.peek(configMapKey('one'))!.metadata;
  await world.people.delete(configMapKey('one'), { uid: uid! });
  world.failing.fail({ on: 'apply ConfigMap apps/one', afterEffect: true, times: 1 });
  await world.settle(60_000);
  world.takeWrites();
  await world.settle(3_600_000);
  expect([world.takeWrites(), world.summary()]).toEqual([[], 'Synced Healthy']);
});

it('a person may suspend what was just made, with its answer lost: it is not written down again and again', async () => {
  const world = await TargetWorld.open();
  const apply = world.failing.cluster.apply.bind(world.failing.cluster);
  let isLost = false;
  (world.ports.cluster as { apply: typeof apply }).apply = async (object, options) => {
    const applied = await apply(object, options);
    if (isLost) return applied;
    isLost = true;
    const annotations = { 'flotilla.dev/suspend': 'mine' };
    await world.people.mergePatch(configMapKey('one'), { metadata: { annotations } });
    throw new Fault({ code: 'unavailable', reason: 'ApiServerUnavailable', message: 'the answer is lost' });
  };
  await world.run([configMapText('one')]);
  await world.settle(60_000);
  world.takeWrites();
  world.failing.calls.length = 0;
  await world.settle(3_600_000);
  expect(world.failing.calls.filter(({ subject }) => subject.startsWith('Secret'))).toEqual([]);
});
