import { expect, it } from 'vitest';
import { agentObjects } from '../names.ts';
import { configMapText, defaultSync } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const fresh = { namespace: 'fresh' };
const namespaceText = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n';

it('a namespace that is missing is made before what lives in it', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')], fresh);
  expect(world.takeWrites()).toEqual(['create Namespace fresh by flotilla', 'apply ConfigMap fresh/one by flotilla']);
});

it('where anything of ours lives, nobody asks whether the namespace is there', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')], fresh);
  await world.run([configMapText('one'), configMapText('two')], fresh);
  const asked = world.failing.calls.filter(({ verb, subject }) => verb === 'get' && subject === 'Namespace fresh');
  expect(asked.length).toBe(1);
});

it('a namespace of ours is never deleted by us, for it is in no inventory', async () => {
  const world = await TargetWorld.open();
  const entry = await world.run([configMapText('one')], fresh);
  world.takeWrites();
  await world.order({ ...entry, intent: 'delete' });
  expect(world.takeWrites()).toEqual(['delete ConfigMap fresh/one by flotilla']);
});

it('one that Git declares is applied like anything else', async () => {
  const world = await TargetWorld.open();
  await world.run([namespaceText, configMapText('one')], fresh);
  expect(world.takeWrites()).toEqual(['apply Namespace fresh by flotilla', 'apply ConfigMap fresh/one by flotilla']);
});

it('without createNamespace nothing is made, and the reason is said', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')], { ...fresh, sync: { ...defaultSync, createNamespace: false } });
  expect([world.takeWrites(), world.status()!.reason?.code]).toEqual([[], 'NamespaceMissing']);
});

it('the namespace of the agent is left alone by all this', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')], { namespace: agentObjects.namespace });
  expect(world.api.writes.filter((line) => line.includes('Namespace '))).toEqual([]);
});
