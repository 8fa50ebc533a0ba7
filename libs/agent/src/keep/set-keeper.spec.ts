import { expect, it } from 'vitest';
import { agentObjects } from '../names.ts';
import { entryOf } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { SetKeeper } from './set-keeper.ts';

const set = {
  fence: { epoch: 1, generation: 4 },
  entries: [entryOf('a'.repeat(40), {}, { later: 'field' } as object)],
};
const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.heldSet };

it('gives back what it kept, with fields that it does not know', async () => {
  const world = await TargetWorld.open();
  const keeper = new SetKeeper(world.api, agentObjects.namespace);
  await keeper.save(set);
  expect(await keeper.load(() => undefined)).toEqual(set);
});

it('a set that cannot be read is as good as none, and is told', async () => {
  const world = await TargetWorld.open();
  const keeper = new SetKeeper(world.api, agentObjects.namespace);
  const told: string[] = [];
  const load = () => keeper.load(({ code }) => void told.push(code));
  const nothing = await load();
  await keeper.save(set);
  await world.people.mergePatch(key, { data: { set: 'bm9uc2Vuc2U=' } });
  expect([nothing, await load(), told]).toEqual([undefined, undefined, ['internal']]);
});

it('an API server that is away is not the same as no set', async () => {
  const world = await TargetWorld.open();
  world.failing.fail({ on: 'get Secret' });
  const keeper = new SetKeeper(world.failing.cluster, agentObjects.namespace);
  await expect(keeper.load(() => undefined)).rejects.toMatchObject({ reason: 'ApiServerUnavailable' });
});
