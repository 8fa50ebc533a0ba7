import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultDetails } from '@flotilla/foundation';
import type { KubeResponse } from '@flotilla/platform-kube';
import { apiServers } from '../../support/api-servers.ts';
import { configMap, configMaps, filesOf, type EngineWorld } from '../../support/engine/engine-world.ts';
import { enginesOfSuite } from '../../support/engine/engines-of-suite.ts';
import { falseAnswer } from '../../support/engine/lying-transport.ts';

const forty = configMaps(40);
/** Two of them left Git, one changed, and all the others are as they were. */
const next = [configMap('c0', { a: '2' }), ...forty.slice(1, 38)];

const away = (reason: string, code: FaultDetails['code'] = 'unavailable') => ({ code, reason, message: 'Git says no' });

interface Unsound {
  readonly what: string;
  readonly reason: string;
  readonly order: (world: EngineWorld) => unknown;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: "a:1"}]}}}
`;

const groups = [{ name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] }];
const groupAway: Readonly<Record<string, KubeResponse>> = {
  '/apis': falseAnswer(200, { kind: 'APIGroupList', groups }),
  '/apis/apps/v1': falseAnswer(503, { kind: 'Status', code: 503, message: 'service unavailable' }),
};

const gitFails: readonly Unsound[] = [
  away('GitUnreachable'),
  away('GitTimeout', 'timeout'),
  away('GitPackTruncated'),
  away('SourcePathMissing', 'not-found'),
].map((fault) => ({
  what: `Git fails with ${fault.reason}`,
  reason: fault.reason,
  order: (world) => {
    Object.assign(world.agent.gitHost, { gone: true, fault });
    world.order(filesOf(...next));
  },
}));

const rows: readonly Unsound[] = [
  ...gitFails,
  {
    what: 'one file of many cannot be parsed',
    reason: 'ManifestsInvalid',
    order: (world) => world.order(filesOf(...next, 'this: is\n  not: yaml')),
  },
  {
    what: 'a kind is not known',
    reason: 'KindUnknown',
    order: (world) =>
      world.order(filesOf(...next, 'apiVersion: example.org/v1\nkind: Nowhere\nmetadata: {name: one}\nspec: {}\n')),
  },
  {
    what: 'the API server refuses one object',
    reason: 'ObjectInvalid',
    order: (world) =>
      world.order(filesOf(...next, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {"/": x}\n')),
  },
  {
    what: 'one group of the API server does not answer to an agent that has just started',
    reason: 'KindUnknown',
    order: async (world) => {
      world.lies.answer = ({ path }) => groupAway[path];
      await world.dieAndStart();
      world.order(filesOf(...next, deployment));
    },
  },
];

describe.each(apiServers())('AT-02 and AT-05, on $name: what is not sound changes and deletes nothing', ({ open }) => {
  const engines = enginesOfSuite(open, { beforeAll, afterEach, afterAll });
  let world: EngineWorld;

  it.each(rows)('$what: $reason', async ({ reason, order }) => {
    world = await engines.open();
    const good = await world.run(filesOf(...forty));
    const before = await world.data();
    await order(world);
    const status = await world.told(reason);
    await world.look();
    expect({ deletes: world.deletes, data: await world.data(), revision: status.revision }).toEqual({
      deletes: [],
      // Not even what is right in itself was written.
      data: before,
      revision: good.source.revision,
    });
  });

  it.each([
    ['no manifests', { 'app/readme.md': 'nothing here' }],
    ['nothing but comments', filesOf('# nothing\n---\n# here\n')],
  ])('a path that holds %s is empty only once a person says so', async (_what, empty) => {
    world = await engines.open();
    await world.run(filesOf(...configMaps(3)));
    const before = await world.data();
    world.order(empty);
    const { sync } = await world.told('EmptySource');
    await world.look();
    expect([sync, world.deletes, await world.data()]).toEqual(['OutOfSync', [], before]);
    await world.approve();
    await world.agent.reported('target1', (status) => status.sync === 'Synced');
    expect(await world.data()).toEqual({});
  });
});
