import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type ClusterView } from '@flotilla/contracts';
import { copyPostgres, until } from '@flotilla/testing';
import { keyOf, params, type MortalFleet, type Pushed } from '../support/mortal-fleet.ts';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';

let fleet: MortalFleet;
let newest: Pushed;
let standing: readonly string[];

beforeAll(async () => {
  fleet = await startMortalFleet({ clusters: ['alpha', 'beta'] });
});
afterAll(() => fleet?.stop());

const clusterViews = async (): Promise<readonly ClusterView[]> =>
  (await fleet.call(operations.listClusters, { params })).items;
const told = async () => (await clusterViews()).map(({ metadata, status }) => `${metadata.name} ${status.connection}`);
const plan = () => fleet.call(operations.planRecovery, {});

/** What runs in every cluster, with the versions that any write would move. */
async function objects(): Promise<string[]> {
  const lines = fleet.parts.clusters.map(async ({ name, client, deletes }) => {
    const run = [await client.get(keyOf('Deployment', 'web')), await client.get(keyOf('ConfigMap', 'settings'))];
    const versions = run.map((object) => `${object?.metadata.uid} ${JSON.stringify(object?.spec ?? object?.data)}`);
    return [name, ...versions, `${deletes()} deleted`].join(' ');
  });
  return Promise.all(lines);
}

/** What PostgreSQL has by now, as it is on its disk: what a replica holds that gets nothing from here on. */
async function copyOfPostgres(): Promise<string> {
  const { postgres, directory } = fleet.parts;
  const copy = join(directory, 'replica');
  await postgres.kill();
  await copyPostgres(join(directory, 'postgres'), copy);
  await postgres.start();
  return copy;
}

/** Every agent was heard after this moment, so what it holds is known. */
const heardSince = (moment: number) =>
  until(async () => (await clusterViews()).every(({ status }) => Date.parse(status.lastSeenAt!) > moment), {
    what: 'every agent to be heard',
    timeoutMs: 90_000,
    intervalMs: 200,
  });

/** Agents and services run all the time; nobody tells them anything. The procedure is that of docs/operations.md. */
describe('AT-43: PostgreSQL fails over to a replica that lags', () => {
  let replica: string;

  it('a commit is delivered and a suspension is in force that the replica never gets', async () => {
    replica = await copyOfPostgres();
    await fleet.revive();
    newest = await fleet.push();
    await fleet.arrived(newest);
    const choice = { application: 'checkout', cluster: 'alpha' };
    await fleet.call(operations.suspendTargets, { params, body: { choice, reason: 'incident 42' } });
    await until(async () => (await fleet.targets()).some(({ status }) => status.reason?.code === 'Suspended'), {
      what: 'the suspension to be in force',
      timeoutMs: 60_000,
    });
    standing = await objects();
  });

  it('the replica takes over: every cluster is Ahead, by itself, and what its agent says is stored', async () => {
    const { postgres, movePostgres } = fleet.parts;
    await postgres.kill();
    movePostgres(replica);
    await postgres.start();
    await until(async () => String(await told()) === 'alpha Ahead,beta Ahead', {
      what: 'every cluster to be Ahead',
      timeoutMs: 90_000,
      intervalMs: 200,
    });
    const stopped = await until(
      async () => (await fleet.targets()).find(({ status }) => status.reason?.code === 'Suspended'),
      { what: 'the report of the suspended target', timeoutMs: 60_000, intervalMs: 200 },
    );
    // It is the agent that says so: the order is gone.
    expect([stopped.spec.cluster, stopped.spec.suspended]).toEqual(['alpha', undefined]);
  });

  it('commits go on until the database is past what the clusters hold, and nothing changes in any of them', async () => {
    const isPast = async () =>
      (await clusterViews()).every(({ status }) => status.fence.generation > status.agentFence!.generation);
    while (!(await isPast())) {
      newest = await fleet.push();
      await until(async () => (await fleet.targets()).every(({ spec }) => spec.revision === newest.commit), {
        what: 'the commit to be planned',
        timeoutMs: 60_000,
        intervalMs: 100,
      });
    }
    await heardSince(Date.now());
    expect({ told: await told(), objects: await objects() }).toEqual({
      told: ['alpha Ahead', 'beta Ahead'],
      objects: standing,
    });
  });

  it('the plan says what the failover lost, and one command resumes', async () => {
    const { ahead, strangers, epoch } = await until(
      async () => {
        const planned = await plan();
        return planned.ahead.every(({ recovery }) => recovery) && planned;
      },
      { what: 'a whole plan', timeoutMs: 60_000, intervalMs: 200 },
    );
    const lost = ahead.map(({ name, recovery }) => [name, recovery?.unlisted, recovery?.lostOrders]);
    const { opened } = await fleet.call(operations.recover, { body: { epoch, reason: 'failed over' } });
    await fleet.arrived(newest);
    expect({ lost, strangers, opened, told: await told(), left: (await plan()).ahead }).toEqual({
      lost: [
        [
          'alpha',
          [],
          [{ target: 'default/checkout in dev', suspended: expect.objectContaining({ reason: 'incident 42' }) }],
        ],
        ['beta', [], []],
      ],
      strangers: [],
      opened: true,
      told: ['alpha Connected', 'beta Connected'],
      left: [],
    });
  });

  it('nothing was lost but what the replica never had: every commit that is delivered from now on arrives', async () => {
    await fleet.arrived(await fleet.push());
    expect((await objects()).every((line) => line.endsWith('0 deleted'))).toBe(true);
  });
});
