import { expect, it } from 'vitest';
import { TargetWorld } from '../testing/target-world.ts';
import { isScaledByOthers } from './scaled-objects.ts';

const web = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };

const rows = [
  {
    what: 'an autoscaler names it',
    reference: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    scaled: true,
  },
  {
    what: 'in whatever version',
    reference: { apiVersion: 'apps/v1beta9', kind: 'Deployment', name: 'web' },
    scaled: true,
  },
  {
    what: 'it names another object',
    reference: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' },
    scaled: false,
  },
  {
    what: 'it names another kind',
    reference: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' },
    scaled: false,
  },
  {
    what: 'it names another group',
    reference: { apiVersion: 'example.org/v1', kind: 'Deployment', name: 'web' },
    scaled: false,
  },
  { what: 'it names nothing', reference: undefined, scaled: false },
];

it.each(rows)('$what: $scaled', async ({ reference, scaled }) => {
  const world = await TargetWorld.open();
  const metadata = { name: 'web', namespace: 'apps' };
  await world.people.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef: reference },
  });
  expect(await isScaledByOthers(world.api, web)).toBe(scaled);
});

it('an autoscaler of another namespace has no say, and what lives in none has no autoscaler', async () => {
  const world = await TargetWorld.open();
  const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };
  const metadata = { name: 'web', namespace: 'flotilla-system' };
  await world.people.create({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec });
  const { namespace: _, ...clusterScoped } = web;
  expect([await isScaledByOthers(world.api, web), await isScaledByOthers(world.api, clusterScoped)]).toEqual([
    false,
    false,
  ]);
});

it('who may not look at autoscalers leaves replicas to whoever says them', async () => {
  const world = await TargetWorld.open();
  const forbidden = { code: 'forbidden', reason: 'Forbidden', message: 'no' } as const;
  world.failing.fail({ on: 'list HorizontalPodAutoscaler', fault: forbidden });
  expect(await isScaledByOthers(world.failing.cluster, web)).toBe(true);
});
