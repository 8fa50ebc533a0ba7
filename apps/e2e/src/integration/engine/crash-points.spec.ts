import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@flotilla/testing';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { configMap, configMaps, EngineWorld, filesOf } from '../../support/engine/engine-world.ts';
import { unprovenDeletes } from '../../support/engine/recorded-transport.ts';

const texts = configMaps(10);
const first = filesOf(...texts);
/** Three change, two go, two come. */
const second = filesOf(
  ...[0, 1, 2].map((number) => configMap(`c${number}`, { a: '2' })),
  ...texts.slice(3, 8),
  configMap('new1'),
  configMap('new2'),
);
const firstData = Object.fromEntries(texts.map((_, index) => [`c${index}`, { a: '1' }]));
const secondData = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`c${index}`, { a: index < 3 ? '2' : '1' }])),
  new1: { a: '1' },
  new2: { a: '1' },
};

interface Death {
  readonly call: number;
  readonly after: boolean;
}

/** Every point is tried on kubesim in memory, in the simulation; here it is a sample, on servers that are real. */
describe.each(apiServers())('AT-33, on $name: an agent that dies at any request', ({ open }) => {
  let server: OpenApiServer;
  let calls = 0;

  beforeAll(async () => {
    server = await open({ controllers: false });
    calls = await countCalls();
  });
  afterAll(() => server?.stop());

  async function opened(): Promise<EngineWorld> {
    const world = await EngineWorld.open(server);
    await world.run(first);
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace: world.namespace } };
    await world.agent.client.create(theirs, { manager: 'somebody' });
    await world.settled();
    return world;
  }

  async function countCalls(): Promise<number> {
    const world = await opened();
    const begun = world.process.calls;
    await world.run(second);
    const made = world.process.calls - begun;
    await world.stop();
    return made;
  }

  /** Dies as often as said on the way to the second commit and answers with what is there in the end. */
  async function dying(deaths: readonly Death[], meanwhile?: Record<string, string>): Promise<object> {
    const world = await opened();
    const [death, ...later] = deaths;
    world.process.killIn(death!.call, death!.after);
    const ordered = world.order(second);
    await until(() => world.process.dead, { what: `the death at ${JSON.stringify(death)}` });
    const entry = meanwhile ? world.order(meanwhile) : ordered;
    for (const { call, after } of later) {
      await world.dieAndStart((process) => process.killIn(call, after));
      await until(() => world.process.dead || isDone(world), { what: 'the next death, or the end' });
    }
    await world.dieAndStart();
    await world.agent.synced(entry.target, entry.source.revision);
    await world.settled();
    const seen = await lookAt(world);
    await world.stop();
    return seen;
  }

  const isDone = (world: EngineWorld) => world.agent.plane.status('target1')?.sync === 'Synced';

  async function lookAt(world: EngineWorld): Promise<object> {
    const { theirs, ...data } = await world.data();
    const { inventory } = world.agent.agent.reconciler.memory('target1')!.record;
    return {
      theirs: theirs === undefined,
      data,
      inventory: inventory.map(({ key }) => key.name).toSorted(),
      unproven: unprovenDeletes(world.sent),
    };
  }

  const right = { theirs: true, data: secondData, inventory: Object.keys(secondData), unproven: [] };

  it('once, before or after what the request did: its successor makes it right and leaves no orphan', async () => {
    const points = sampleOf(calls, 8).flatMap((call) => [false, true].map((after) => ({ call, after })));
    const seen = [];
    for (const point of points) seen.push({ point, ...(await dying([point])) });
    expect(seen).toEqual(points.map((point) => ({ point, ...right })));
  });

  it('once, and by then what ran before is wanted again: what it had begun to make is known and goes', async () => {
    const points = sampleOf(calls, 5).flatMap((call) => [false, true].map((after) => ({ call, after })));
    const seen = [];
    for (const point of points) seen.push({ point, ...(await dying([point], first)) });
    const inventory = Object.keys(firstData);
    expect(seen).toEqual(points.map((point) => ({ point, ...right, data: firstData, inventory })));
  });

  it('twice: its successor dies as well, in the middle of making it right', async () => {
    const pairs = sampleOf(calls, 3).flatMap((call, index) => {
      const after = index % 2 === 0;
      return sampleOf(calls, 2).map((next): [Death, Death] => [
        { call, after },
        { call: next, after: !after },
      ]);
    });
    const seen = [];
    for (const pair of pairs) seen.push({ pair, ...(await dying(pair)) });
    expect(seen).toEqual(pairs.map((pair) => ({ pair, ...right })));
  });
});

/** So many numbers from one to the last, evenly spread. */
function sampleOf(last: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => 1 + Math.round((index * (last - 1)) / Math.max(1, size - 1)));
}
