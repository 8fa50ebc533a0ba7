import { expect, it } from 'vitest';
import type { Report } from '@flotilla/contracts';
import { FleetWorld, namespaceOf, pathOf } from '../fleet/fleet-world.ts';
import { atEveryCrashPoint, type CrashPoint } from './crash-points.ts';

const path = pathOf('cart', 'prod');
const recoveryMs = 60_000;

/** A fleet in which all is well, and which hears of a new commit: `onNews` is called as the first agent reports it. */
async function withNews(onNews: (world: FleetWorld) => void): Promise<FleetWorld> {
  const world = new FleetWorld(1);
  world.git.push(path, { o0: `${namespaceOf('cart', 'prod')}-1` });
  await world.start();
  await world.clock.advance(30_000);
  world.git.push(path, { o0: `${namespaceOf('cart', 'prod')}-2` });
  let isNews = true;
  world.onSaid = (_cluster, kind, message) => {
    const isOfNew = kind === 'report' && (message as Report).items.some(({ revision }) => revision === world.git.head);
    if (isOfNew && isNews) onNews(world);
    if (isOfNew) isNews = false;
  };
  await world.clock.advance(10_000);
  return world;
}

async function countCalls(): Promise<number> {
  let begun = 0;
  const world = await withNews(({ planeCalls }) => void (begun = planeCalls));
  return world.planeCalls - begun;
}

async function dyingAt({ call, after }: CrashPoint): Promise<readonly string[]> {
  const world = await withNews((fleet) => fleet.killPlaneIn(call, after));
  world.restartPlane();
  await world.clock.advance(recoveryMs);
  return [...world.clusters.values()].flatMap(({ uid, agent }) =>
    agent!.heldEntries
      .filter(({ application, environment }) => application === 'cart' && environment === 'prod')
      .flatMap(({ target, generation }) => {
        const { revision, sync, generation: told } = world.database.statuses.get(target) ?? {};
        const isTrue = revision === world.git.head && sync === 'Synced' && told === generation;
        return isTrue ? [] : [`${uid} is stored as ${sync} at ${revision} of generation ${told}`];
      }),
  );
}

it('a control plane that dies at any call after a report was said has it stored in the end, and nothing older', async () => {
  const { points, wrong } = await atEveryCrashPoint(countCalls, dyingAt);
  process.stdout.write(`${points} crash points of a report\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});
