import { beforeEach, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { agentObjects } from '../names.ts';
import { FailingCluster } from '../testing/failing-cluster.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { OwnSecrets } from './own-secrets.ts';

const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: 'ours' };
let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

function secret(value: string): KubeObject {
  const { name, namespace } = key;
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: { value } };
}

const stored = () => (world.api.peek(key)?.data as { value: string } | undefined)?.value;

it('AT-26: what an agent had under way when another took over does not undo what that one wrote, and is said once', async () => {
  const [stopped, successor] = [new OwnSecrets(world.api), new OwnSecrets(world.api)];
  await stopped.write(secret('one'));
  successor.see(world.api.peek(key)!);
  await successor.write(secret('two'));
  await expect(stopped.write(secret('older'))).rejects.toMatchObject({ reason: 'ObjectChanged' });
  const kept = stored();
  // Should it be the one that holds the Lease after all, it goes on from what is there.
  await stopped.write(secret('three'));
  expect([kept, stored()]).toEqual(['two', 'three']);
});

it('AT-26: the very first write is refused as well where a successor has made what was not there', async () => {
  const stopped = new OwnSecrets(world.api);
  await new OwnSecrets(world.api).write(secret('two'));
  await expect(stopped.write(secret('older'))).rejects.toMatchObject({ reason: 'ObjectChanged' });
  expect(stored()).toBe('two');
});

it('asks nobody before the first write: what is not listed at the start is made', async () => {
  const failing = new FailingCluster(world.api);
  await new OwnSecrets(failing.cluster).write(secret('one'));
  expect(failing.calls.map(({ verb }) => verb)).toEqual(['create']);
});

it('what people annotate is no reason to stop, nor is what somebody deleted', async () => {
  const ours = new OwnSecrets(world.api);
  await ours.write(secret('one'));
  await world.people.mergePatch(key, { metadata: { annotations: { 'flotilla.dev/suspend': 'looking' } } });
  await ours.write(secret('two'));
  const annotated = [stored(), world.api.peek(key)!.metadata.annotations];
  await world.people.delete(key, { uid: world.api.peek(key)!.metadata.uid! });
  await ours.write(secret('three'));
  expect([annotated, stored()]).toEqual([['two', { 'flotilla.dev/suspend': 'looking' }], 'three']);
});

it('a write whose answer was lost is known again', async () => {
  const failing = new FailingCluster(world.api);
  const ours = new OwnSecrets(failing.cluster);
  await ours.write(secret('one'));
  failing.fail({ on: 'mergePatch Secret', times: 1, afterEffect: true });
  await expect(ours.write(secret('two'))).rejects.toMatchObject({ reason: 'ApiServerUnavailable' });
  await ours.write(secret('two'));
  await ours.write(secret('three'));
  expect(stored()).toBe('three');
});
