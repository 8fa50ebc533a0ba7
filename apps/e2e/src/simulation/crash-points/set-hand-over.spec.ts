import { expect, it } from 'vitest';
import { atEveryCrashPoint, type CrashPoint } from './crash-points.ts';
import { LoneCluster } from './lone-cluster.ts';

async function opened(): Promise<LoneCluster> {
  const world = new LoneCluster();
  await world.open();
  await world.run({ one: 'v1' });
  return world;
}

async function countCalls(): Promise<number> {
  const world = await opened();
  const begun = world.cluster.calls;
  await world.run({ one: 'v2', two: 'v2' });
  return world.cluster.calls - begun;
}

async function dyingAt({ call, after }: CrashPoint): Promise<readonly string[]> {
  const world = await opened();
  world.cluster.killIn(call, after);
  await world.run({ one: 'v2', two: 'v2' });
  // Nobody says it again: what the successor knows of the set is what was kept.
  world.plane.connected = false;
  await world.recover();
  const held = Math.max(...world.cluster.agent!.heldEntries.map(({ generation }) => generation));
  const forgotten =
    held < world.newestWritten ? [`it holds generation ${held} and wrote of ${world.newestWritten}`] : [];
  const alone = world.wrongWith(held === 1 ? { one: 'v1' } : { one: 'v2', two: 'v2' });
  world.plane.connected = true;
  await world.clock.advance(30_000);
  return [...forgotten, ...alone, ...world.wrongWith({ one: 'v2', two: 'v2' })];
}

it('an agent that dies at any call between the arrival of a set and its effect holds what it acted on, and comes right', async () => {
  const { points, wrong } = await atEveryCrashPoint(countCalls, dyingAt);
  process.stdout.write(`${points} crash points of a set's hand-over\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});
