import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@flotilla/testing';
import { apiServers } from '../../support/api-servers.ts';
import { configMap, configMaps, filesOf, type EngineWorld } from '../../support/engine/engine-world.ts';
import { enginesOfSuite } from '../../support/engine/engines-of-suite.ts';
import { bookmarkAnswer, falseAnswer, type LineLie, type WatchedLine } from '../../support/engine/lying-transport.ts';
import { unprovenDeletes } from '../../support/engine/recorded-transport.ts';

const texts = configMaps(10);
const first = filesOf(...texts);
/** The last two left Git, and the first is another one. */
const second = filesOf(configMap('c0', { a: '2' }), ...texts.slice(1, 8));
const secondData = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) => [`c${index}`, { a: index === 0 ? '2' : '1' }]),
);

/** Every so many lines of all watches together, something else is told. */
function every(times: number, lie: LineLie): LineLie {
  let count = 0;
  return (line) => (++count % times === 0 ? lie(line) : [line]);
}

function reordered(): LineLie {
  let held: WatchedLine | undefined;
  return (line) => {
    if (!held) return ((held = line), []);
    const both = [line, held];
    held = undefined;
    return both;
  };
}

/** After each event, the object as it was when it was first told of. */
function flippingBack(): LineLie {
  const oldest = new Map<string, WatchedLine>();
  return (line) => {
    const name = line.object.metadata?.name ?? '';
    if (!oldest.has(name)) oldest.set(name, line);
    return [line, { ...oldest.get(name)!, type: 'MODIFIED' }];
  };
}

const forgotten = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
const goneLie = (): readonly WatchedLine[] => [{ type: 'ERROR', object: forgotten as WatchedLine['object'] }];

const watchLies: readonly (readonly [what: string, lie: () => LineLie])[] = [
  ['one in three events is dropped', () => every(3, () => [])],
  ['every event is dropped', () => () => []],
  ['every event comes twice', () => (line) => [line, line]],
  ['events change places', reordered],
  ['objects flip back in time after each event', flippingBack],
  ['a watch is told now and then that its place is forgotten', () => every(4, goneLie)],
  ['an event in three is no event', () => every(3, () => [{ type: 'NONSENSE', object: {} }])],
];

process.stdout.write('lies: one case is for kubesim alone, an API server that is restored from a backup\n');

describe.each(apiServers())('AT-34, on $name: nothing is deleted or set back because of a lie', ({ open, isReal }) => {
  const engines = enginesOfSuite(open, { beforeAll, afterEach, afterAll });
  let world: EngineWorld;

  const left = () => ['c8', 'c9'].map((name) => `/api/v1/namespaces/${world.namespace}/configmaps/${name}`);
  /** What was written to the first ConfigMap, in order. */
  const written = () =>
    world.sent
      .filter(({ method, path, body }) => method === 'PATCH' && path.endsWith('/configmaps/c0') && body)
      .map(({ body }) => (JSON.parse(body!) as { data: { a: string } }).data.a);

  const lookAt = async () => ({
    data: await world.data(),
    deleted: world.deletes.toSorted(),
    unproven: unprovenDeletes(world.sent),
    // Once the second was written, the first never is again.
    backwards: written().lastIndexOf('1') > written().indexOf('2'),
  });
  /** What holds whatever was told: the cluster is at the second commit, only what left Git was deleted, and rightly. */
  const atSecond = () => ({ data: secondData, deleted: left(), unproven: [], backwards: false });

  it.each(watchLies)('%s', async (_what, lie) => {
    world = await engines.open();
    world.lies.tell = lie();
    world.lies.cutWatches();
    await world.run(first);
    for (const name of ['c1', 'c2', 'c3']) await world.patch(name, { metadata: { labels: { by: 'hand' } } });
    await world.patch('c4', { data: { a: 'by hand' } });
    await world.run(second);
    await world.look();
    world.lies.beHonest();
    await world.dieAndStart();
    await until(async () => (await world.data())['c4'] && JSON.stringify((await world.data())['c4']) === '{"a":"1"}', {
      what: 'what was changed by hand to be taken back',
    });
    expect(await lookAt()).toEqual(atSecond());
  });

  it('lists are from before the last change when the agent starts, those of its own records too', async () => {
    world = await engines.open();
    await world.run(first);
    await world.settled();
    const { resourceVersion } = await world.agent.client.list({ group: '', kind: 'ConfigMap' }, {});
    await world.run(second);
    world.lies.listsFrom = resourceVersion;
    await world.dieAndStart();
    await world.look();
    expect(await lookAt()).toEqual(atSecond());
    world.lies.beHonest();
    await world.look();
    await world.run(filesOf(...texts.slice(0, 7)));
    expect([Object.keys(await world.data()).length, unprovenDeletes(world.sent)]).toEqual([7, []]);
  });

  it('a group is missing from what the server says it serves: what is of it stays, in the inventory as well', async () => {
    world = await engines.open();
    await world.run(filesOf(...texts, role));
    world.lies.answer = ({ path }) =>
      path === '/apis' ? falseAnswer(200, { kind: 'APIGroupList', groups: [] }) : undefined;
    await world.dieAndStart();
    const before = world.deletes.length;
    world.order(second);
    await world.agent.reported('target1', ({ reason }) => reason !== undefined);
    await world.look();
    const roles = { group: 'rbac.authorization.k8s.io', kind: 'Role' };
    expect([(await world.list(roles)).length, world.deletes.filter((path) => path.includes('roles'))]).toEqual([1, []]);
    world.lies.beHonest();
    await world.dieAndStart();
    await world.untilGone(roles, 'reader');
    expect([world.deletes.length - before, unprovenDeletes(world.sent)]).toEqual([3, []]);
  });

  it.skipIf(isReal)(
    'the server was restored from a backup under a running agent: drift is seen again, what is missing is made',
    async () => {
      world = await engines.open();
      await world.run(first);
      await world.settled();
      const restore = engines.server.backup!();
      await world.run(filesOf(...texts, configMap('c10', { a: '1' })));
      for (let count = 0; count < 30; count++) await world.patch('c3', { metadata: { labels: { count: `${count}` } } });
      await world.settled();
      restore();
      const { resourceVersion } = await world.agent.client.list({ group: '', kind: 'ConfigMap' }, {});
      const told = new Set<string>();
      world.lies.answer = ({ endless, path, query }) => {
        const place = `${path} ${query?.get('labelSelector')}`;
        if (!endless || told.has(place)) return undefined;
        told.add(place);
        return bookmarkAnswer('ConfigMap', resourceVersion);
      };
      world.lies.cutWatches();
      const has = async (name: string) => JSON.stringify((await world.data())[name]) === '{"a":"1"}';
      await until(() => has('c10'), { what: 'what the backup did not hold to be made again' });
      await world.patch('c4', { data: { a: 'by hand' } });
      await until(() => has('c4'), { what: 'what was changed by hand to be taken back' });
      expect([Object.keys(await world.data()).length, world.deletes, unprovenDeletes(world.sent)]).toEqual([
        11,
        [],
        [],
      ]);
    },
  );

  it.each([-7_200_000, 7_200_000])('the clock of the agent is %d ms off', async (clockOffByMs) => {
    world = await engines.open({ clockOffByMs });
    await world.run(first);
    await world.run(second);
    await world.dieAndStart();
    await world.look();
    expect(await lookAt()).toEqual(atSecond());
  });
});

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
`;
