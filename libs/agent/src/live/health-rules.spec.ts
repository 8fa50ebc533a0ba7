import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { TargetWorld } from '../testing/target-world.ts';

const thing = 'apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: one}\nspec: {size: 1}\n';
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec: {group: example.org, scope: Namespaced, names: {plural: things, kind: Thing}, versions: [{name: v1}]}
`;
const key = { group: 'example.org', kind: 'Thing', namespace: 'apps', name: 'one' };
const rule = {
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  current: "status.mood == 'well'",
  failed: "status.mood == 'ill'",
};

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
  await world.run([definition], { target: 'definitions', environment: 'other' });
  await world.api.refreshKinds();
});

const run = (health: DesiredEntry['health']) => world.run([thing], { ...(health && { health }) });
async function feels(mood: string): Promise<void> {
  await world.people.mergePatch(key, { status: { mood } });
  await world.settle(20_000);
}
const health = () => {
  const { health: whole, reason, resources } = world.status()!;
  return [whole, resources[0]!.health, reason?.message];
};

describe('a rule of the application', () => {
  it.each([
    ['well', ['Healthy', 'Healthy', undefined]],
    ['ill', ['Degraded', 'Degraded', 'Thing apps/one: health rule of example.org/v1/Thing: failed is true']],
    ['so so', ['Progressing', 'Progressing', 'Thing apps/one: health rule of example.org/v1/Thing: current is false']],
  ])('decides: %s', async (mood, expected) => {
    await run([rule]);
    await feels(mood);
    expect(health()).toEqual(expected);
  });

  it('that cannot be answered leaves the health unknown, and says why', async () => {
    await run([{ ...rule, failed: 'status.mood > 3' }]);
    await feels('well');
    expect(health()).toEqual([
      'Unknown',
      'Unknown',
      expect.stringMatching(/^Thing apps\/one: health rule of .*failed to evaluate/),
    ]);
  });

  it('that a newer control plane lets people write leaves the health unknown as well', async () => {
    await run([{ ...rule, current: 'status.mood ??= 1' }]);
    await feels('well');
    expect(health()).toEqual(['Unknown', 'Unknown', expect.stringContaining('failed to read the CEL expression')]);
  });

  it('counts at once when it changes, with nothing written and nothing changed in the cluster', async () => {
    const entry = await run([rule]);
    await feels('ill');
    world.takeWrites();
    await world.order({ ...entry, health: [{ ...rule, current: "status.mood == 'ill'", failed: 'false' }] });
    const changed = health();
    await world.order({ ...entry, health: undefined });
    expect([changed, health(), world.takeWrites()]).toEqual([
      ['Healthy', 'Healthy', undefined],
      ['Healthy', 'Healthy', undefined],
      [],
    ]);
  });

  it('counts after a restart as before it', async () => {
    await run([rule]);
    await feels('ill');
    await world.restart();
    expect(health().slice(0, 2)).toEqual(['Degraded', 'Degraded']);
  });

  it('is about the objects of its application alone', async () => {
    await run([{ apiVersion: rule.apiVersion, kind: rule.kind, current: 'false' }]);
    await world.run([thing.replace('one', 'two')], { target: 'target2', environment: 'two' });
    expect([health()[0], world.status('target2')!.health]).toEqual(['Progressing', 'Healthy']);
  });
});
