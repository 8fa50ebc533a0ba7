import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '@flotilla/foundation';
import { startWorkloadStub, until } from '@flotilla/testing';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { EngineWorld } from '../../support/engine/engine-world.ts';
import { edited, readApplication } from '../../support/engine/read-application.ts';
import { jobs, settleJob } from '../../support/stand-ins/jobs.ts';
import { startStandIn } from '../../support/stand-ins/stand-in.ts';

const namespace = 'orders';
const files = readApplication('orders');
/** The next release of the chart: every image is another one. */
const upgraded = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path, text.replaceAll('2.3.0', '2.4.0')]),
);

describe.each(apiServers())('what helm makes of a chart with hooks, on $name', ({ open }) => {
  let server: OpenApiServer;
  let world: EngineWorld;
  let stubs: readonly Running[] = [];

  beforeAll(async () => {
    server = await open();
    if (!server.hasControllers)
      stubs = [startWorkloadStub(server.transport), startStandIn(server.transport, jobs, settleJob)];
    world = await EngineWorld.open(server);
  });
  afterAll(async () => {
    await world?.stop();
    for (const stub of stubs) await stub.stop();
    await server?.stop();
  });

  /** What was made or changed since, by its place, each once and in the order of its first write. */
  const writtenSince = (count: number) => [
    ...new Set(
      world.writes
        .slice(count)
        .filter((write) => write.startsWith('PATCH') || write.startsWith('POST'))
        .map((write) => write.split('/').slice(-2).join('/')),
    ),
  ];
  const jobsThere = async () => (await world.list(jobs, namespace)).map(({ metadata }) => metadata.name);
  const order = [
    'configmaps/orders-migrations',
    'jobs/orders-migrate',
    'configmaps/orders',
    'services/orders',
    'deployments/orders',
    'jobs/orders-smoke',
  ];
  const byTurn = (written: readonly string[]) => written.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));

  it('is installed: the migration is done before the workload comes, the smoke test after it is well, the test never', async () => {
    await world.run(files, { namespace });
    await until(async () => (await jobsThere()).join() === 'orders-smoke', { what: 'the hooks to be done' });
    const written = writtenSince(0).filter((place) => order.includes(place) || place.includes('connection'));
    const at = (place: string) => written.indexOf(place);
    expect({
      written: byTurn(written),
      inTurn:
        at('jobs/orders-migrate') < at('deployments/orders') && at('deployments/orders') < at('jobs/orders-smoke'),
    }).toEqual({ written: order, inTurn: true });
  });

  it('runs no hook again for the same release, also after a restart', async () => {
    await world.settled();
    const before = world.writes.length;
    await world.look();
    await world.dieAndStart();
    await world.look();
    expect([world.writes.slice(before), await jobsThere()]).toEqual([[], ['orders-smoke']]);
  });

  it('is upgraded: both hooks run again, the one that stayed is made anew', async () => {
    const jobsNow = async () =>
      (await world.list(jobs, namespace)).map(({ metadata: { name, uid } }) => ({ name, uid }));
    const [[before], count] = [await jobsNow(), world.writes.length];
    await world.run(upgraded, { namespace });
    // Of one list: between two, the old one may go, and would be taken for a new one.
    const isAnew = (there: Awaited<ReturnType<typeof jobsNow>>) =>
      there.length === 1 && there[0]!.name === 'orders-smoke' && there[0]!.uid !== before?.uid;
    await until(async () => isAnew(await jobsNow()), { what: 'the hooks of the upgrade to be done' });
    const hooks = writtenSince(count).filter((place) => place.startsWith('jobs/'));
    expect(hooks).toEqual(['jobs/orders-migrate', 'jobs/orders-smoke']);
  });

  it('a migration that fails: the workload stays as it was, and the Job is named', async () => {
    const count = world.writes.length;
    const failing = edited(upgraded, 'migrations.yaml', { 'orders-migrate:2.4.0': 'orders-migrate:crash' });
    world.order(edited(failing, 'workload.yaml', { 'orders:2.4.0': 'orders:2.5.0' }), { namespace });
    // While it fails, a pod of it may be what is told.
    await world.agent.reported('target1', ({ reason }) => /Job orders\/orders-migrate/.test(reason?.message ?? ''));
    await world.look();
    expect(writtenSince(count).filter((place) => order.slice(2).includes(place))).toEqual([]);
  });

  it('is deleted with everything that it made', async () => {
    const entry = await world.run(upgraded, { namespace });
    world.agent.plane.order({ ...entry, intent: 'delete', deletedBy: 'anna' });
    await world.agent.reported('target1', ({ gone }) => gone === true);
    const kinds = [jobs, { group: 'apps', kind: 'Deployment' }, { group: '', kind: 'Service' }];
    const left = await Promise.all(kinds.map((kind) => world.list(kind, namespace)));
    expect(left.flat().map(({ metadata }) => metadata.name)).toEqual([]);
  });
});
