import { beforeEach, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { TargetWorld } from '../testing/target-world.ts';
import { findFailure } from './find-failure.ts';
import { liveObject, type LiveObject } from './live-object.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

async function make(
  apiVersion: string,
  kind: string,
  name: string,
  rest: { owner?: KubeObject | undefined; [field: string]: unknown } = {},
): Promise<KubeObject> {
  const { owner, ...fields } = rest;
  const ownerReferences = owner && [
    { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid! },
  ];
  const metadata = { name, namespace: 'apps', ...(ownerReferences && { ownerReferences }) };
  return (await world.people.create({ apiVersion, kind, metadata, ...fields }))!;
}

const pulling = {
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'app',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image: shop:broken' } },
    },
  ],
};
const find = (object: KubeObject): ReturnType<typeof findFailure> =>
  findFailure(world.failing.cluster, liveObject(object));

it('follows a Deployment down to the container that fails', async () => {
  const deployment = await make('apps/v1', 'Deployment', 'web');
  const replicaSet = await make('apps/v1', 'ReplicaSet', 'web-1', { owner: deployment });
  await make('v1', 'Pod', 'web-1-a', { owner: replicaSet, status: pulling });
  expect(await find(deployment)).toEqual({
    code: 'ImagePullBackOff',
    message: expect.stringMatching(/^Deployment apps\/web: .*shop:broken/),
  });
});

it('takes nothing from pods of others', async () => {
  const [mine, other] = [await make('apps/v1', 'Deployment', 'web'), await make('apps/v1', 'Deployment', 'other')];
  const replicaSet = await make('apps/v1', 'ReplicaSet', 'other-1', { owner: other });
  await make('v1', 'Pod', 'other-1-a', { owner: replicaSet, status: pulling });
  expect(await find(mine)).toBeUndefined();
});

it('where no pod can be made, the last warning says why', async () => {
  const deployment = await make('apps/v1', 'Deployment', 'web');
  const replicaSet = await make('apps/v1', 'ReplicaSet', 'web-1', { owner: deployment });
  const { uid, name } = replicaSet.metadata;
  await make('v1', 'Event', 'e1', {
    involvedObject: { kind: 'ReplicaSet', name, uid },
    type: 'Warning',
    reason: 'FailedCreate',
    message: 'exceeded quota',
    lastTimestamp: '2026-01-01T00:00:00Z',
  });
  expect(await find(deployment)).toEqual({ code: 'FailedCreate', message: expect.stringContaining('exceeded quota') });
});

it('asks nothing about what lives in no namespace', async () => {
  const key = { group: '', kind: 'Namespace', name: 'x' };
  expect(await findFailure(world.failing.cluster, { key, uid: 'u' } as LiveObject)).toBeUndefined();
  expect(world.failing.calls).toEqual([]);
});
