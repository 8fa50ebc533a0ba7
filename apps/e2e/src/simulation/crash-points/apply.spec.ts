import { expect, it } from 'vitest';
import type { Content } from '../invariants.ts';
import { atEveryCrashPoint, atPairsOfCrashPoints, type CrashPoint } from './crash-points.ts';
import { job, LoneCluster } from './lone-cluster.ts';

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `o${from + index}`);
const all = (value: string, ...of: readonly string[]): Content => Object.fromEntries(of.map((name) => [name, value]));

/** Of thirty objects five go, ten change, five stay and ten come, with a Job among them. */
const before = all('v1', ...names(0, 20));
const after = { ...all('v2', ...names(5, 15)), ...all('v1', ...names(15, 20)), ...all('v2', ...names(20, 30)) };
const jobs = { more: { 'app/job.yaml': job } };

async function opened(): Promise<LoneCluster> {
  const world = new LoneCluster();
  await world.open();
  await world.run(before);
  return world;
}

async function countCalls(): Promise<number> {
  const world = await opened();
  const begun = world.cluster.calls;
  await world.run(after, jobs);
  return world.cluster.calls - begun;
}

async function dyingAt(first: CrashPoint, second?: CrashPoint): Promise<readonly string[]> {
  const world = await opened();
  world.cluster.killIn(first.call, first.after);
  await world.run(after, jobs);
  if (second) {
    void world.cluster.restart();
    world.cluster.killIn(second.call, second.after);
    await world.clock.advance(20_000);
  }
  await world.recover();
  return world.wrongWith(after, ['migrate']);
}

it('AT-33: an agent that dies at any call of a change of thirty objects comes right, leaves no orphan, and runs no Job twice', async () => {
  const { points, wrong } = await atEveryCrashPoint(countCalls, dyingAt);
  process.stdout.write(`${points} crash points of an apply\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

it('AT-33: the same when its successor dies as well', async () => {
  const { points, wrong } = await atPairsOfCrashPoints(countCalls, 5, dyingAt);
  process.stdout.write(`${points} pairs of crash points of an apply\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});
