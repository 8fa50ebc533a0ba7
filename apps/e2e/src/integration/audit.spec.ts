import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type Operation } from '@flotilla/contracts';
import { agentFeatures } from '@flotilla/model';
import { every, systemClock, type Running } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
let plane: PlaneFixture;
let agent: RawAgent;
let living: Running;
let database: Client;

beforeAll(async () => {
  plane = await startPlane();
  database = new Client({ connectionString: plane.databaseUrl });
  await database.connect();
  const files = environments.map((name) => [`services/checkout/${name}/a.yaml`, 'a: 1'] as const);
  await plane.git.createRepository('shop', Object.fromEntries(files));
  const documents = fleetDocuments(['checkout'], { environments, stages, url: plane.git.url('shop') });
  // What goes in waves can be steered.
  await apply(documents.replace('{matchLabels: {dev: "true"}}', '{matchLabels: {dev: "true"}}, rollout: {}'));
  agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'c1', labels: { dev: 'true' } });
  await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  // An agent that is heard no more, or that cannot be upgraded, is passed by: an upgrade of nobody else is over at once.
  agent.features = [agentFeatures.upgrade];
  const hello = async () => agent.hello();
  living = every({ clock: systemClock, intervalMs: 1_000, run: hello, onError: () => undefined });
  await until(() => agent.sets.some(({ entries }) => entries.length === 1), { what: 'a target' });
  await database.query(
    `INSERT INTO dead_letter SELECT 'letter-' || n, 'default', uid, 'status', 'report', n::text, 1, 'x', 'R', 'm', now(), now(), 1
     FROM cluster, generate_series(1, 2) n`,
  );
});

afterAll(async () => {
  await database?.end();
  await living?.stop();
  await agent?.stop();
  await plane?.stop();
});

const apply = (text: string) =>
  plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'a.yaml', text }] } });

const environments = ['dev', 'staging'];
const stages = [
  '{environment: dev, track: {repository: shop, branch: main}}',
  '{environment: staging, after: [dev], gates: [{approval: {users: [bootstrap]}}, {web: {url: "https://gate.invalid", secret: hook}}]}',
];

const environment = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Environment
metadata: {name: qa}
spec: {clusters: {matchLabels: {qa: "true"}}}
`;
const freeze = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Freeze
metadata: {name: stop}
spec: {applications: [checkout], reason: holidays, until: lifted}
`;
const named = (name: string) => ({ params: { ...params, name } });
const image = `registry.example.org/agent:9.9.9@sha256:${'a'.repeat(64)}`;
const choice = { application: 'checkout' };
const place = { application: 'checkout', environment: 'staging' };

/** The release that waits before the later stage. */
async function waiting(): Promise<string> {
  const { items } = await plane.client.call(operations.listStages, { params, query: place });
  return items[0]!.status.candidates[0]!.release;
}

/** Every route that changes something, in an order in which all of them can be taken, and the lines that it writes. */
const rows: readonly (readonly [
  name: keyof typeof operations,
  send: () => Promise<unknown>,
  lines: readonly string[],
])[] = [
  ['applyDocuments', () => apply(environment), ['document.create Environment default/qa']],
  [
    'deleteDocument',
    () => plane.client.call(operations.deleteDocument, { params: { ...params, plural: 'environments', name: 'qa' } }),
    ['document.delete Environment default/qa'],
  ],
  [
    'putCredential',
    () =>
      plane.client.call(operations.putCredential, {
        ...named('hook'),
        body: { kind: 'webhook', secret: 'x'.repeat(16) },
      }),
    ['credential.set Credential default/hook'],
  ],
  [
    'joinCluster',
    () => plane.client.call(operations.joinCluster, { params, body: { name: 'c2' } }),
    ['cluster.join Cluster default/c2'],
  ],
  [
    'labelCluster',
    () => plane.client.call(operations.labelCluster, { ...named('c2'), body: { labels: { seen: 'true' } } }),
    ['cluster.label Cluster default/c2'],
  ],
  [
    'forgetCluster',
    () => plane.client.call(operations.forgetCluster, named('c2')),
    ['cluster.forget Cluster default/c2'],
  ],
  [
    'syncTargets',
    () => plane.client.call(operations.syncTargets, { params, body: choice }),
    ['target.sync Target default/checkout.dev.c1'],
  ],
  [
    'suspendTargets',
    () => plane.client.call(operations.suspendTargets, { params, body: { choice, reason: 'looking' } }),
    ['target.suspend Target default/checkout.dev.c1'],
  ],
  [
    'resumeTargets',
    () => plane.client.call(operations.resumeTargets, { params, body: choice }),
    ['target.resume Target default/checkout.dev.c1'],
  ],
  [
    'approve',
    async () => plane.client.call(operations.approve, { params, body: { ...place, release: await waiting() } }),
    ['approval.give Application default/checkout'],
  ],
  [
    'overrideGates',
    async () =>
      plane.client.call(operations.overrideGates, {
        params,
        body: { ...place, release: await waiting(), reason: 'ticket 42' },
      }),
    ['gate.override Application default/checkout'],
  ],
  [
    'holdStage',
    () => plane.client.call(operations.holdStage, { params, body: { ...place, reason: 'incident 42', for: '2h' } }),
    ['stage.hold Application default/checkout'],
  ],
  [
    'unholdStage',
    () => plane.client.call(operations.unholdStage, { params, body: { ...place, reason: 'it is over' } }),
    ['stage.unhold Application default/checkout'],
  ],
  [
    'promote',
    () => plane.client.call(operations.promote, { params, body: { ...place, reason: 'ticket 42' } }),
    ['release.promote Application default/checkout'],
  ],
  [
    'steerRollout',
    () => {
      const entered = { ...params, application: 'checkout', environment: 'dev' };
      return plane.client.call(operations.steerRollout, { params: { ...entered, order: 'pause' }, body: {} });
    },
    ['rollout.pause Application default/checkout'],
  ],
  [
    'openRollback',
    async () => plane.client.call(operations.openRollback, { params, body: await rollbackOrder() }),
    ['rollback.order Rollback default/'],
  ],
  [
    'unpinTargets',
    async () => {
      // What the rollback held is what Git says, so it lets go by itself first.
      const pinned = async () => (await database.query('SELECT FROM target WHERE pin IS NOT NULL')).rowCount;
      await until(async () => (await pinned()) === 0, { what: 'nothing to be held' });
      await database.query(`UPDATE target SET pin = '{"content": {"sourceDigest": "another"}}'`);
      await plane.client.call(operations.unpinTargets, { params, body: { choice, reason: 'fixed' } });
    },
    ['pin.lift Target default/checkout.dev.c1'],
  ],
  [
    'liftQuarantine',
    async () => {
      await database.query(
        `INSERT INTO quarantine SELECT uid, 'digest-1', project, name, 'user:ann', 'bad', now() FROM document
         WHERE kind = 'Application' AND name = 'checkout'`,
      );
      const body = { application: 'checkout', digest: 'digest-1', reason: 'it was the network' };
      await plane.client.call(operations.liftQuarantine, { params, body });
    },
    ['quarantine.lift Application default/checkout'],
  ],
  [
    'breakGlass',
    async () => {
      await apply(freeze);
      await until(
        async () => {
          const call = { params, body: { choice, reason: 'hotfix' } };
          const { targets } = await plane.client.call(operations.breakGlass, call).catch(() => ({ targets: [] }));
          return targets.length > 0;
        },
        { what: 'the freeze to hold the target', intervalMs: 200 },
      );
    },
    ['freeze.set Freeze default/stop', 'breakglass.sync Target default/checkout.dev.c1'],
  ],
  [
    'breakGlassRollback',
    async () => {
      const glass = { breakGlass: '1h' };
      const body = { ...(await rollbackOrder(glass)), ...glass };
      await plane.client.call(operations.breakGlassRollback, { params, body });
    },
    ['rollback.order Rollback default/', 'breakglass.rollback Rollback default/'],
  ],
  [
    'openAgentUpgrade',
    () => plane.client.call(operations.openAgentUpgrade, { params, body: { image, version: '9.9.9' } }),
    ['upgrade.open AgentUpgrade default/'],
  ],
  [
    'steerAgentUpgrade',
    () => plane.client.call(operations.steerAgentUpgrade, { params: { ...params, order: 'pause' } }),
    ['upgrade.pause AgentUpgrade default/'],
  ],
  [
    'createToken',
    () => plane.client.call(operations.createToken, { body: { name: 'ann', permission: 'approve' } }),
    ['token.create Token default/ann'],
  ],
  [
    'revokeToken',
    () => plane.client.call(operations.revokeToken, { params: { token: 'ann' } }),
    ['token.revoke Token default/ann'],
  ],
  [
    'replayDeadLetter',
    () => plane.client.call(operations.replayDeadLetter, { params: { ...params, id: 'letter-1' } }),
    ['deadletter.replay DeadLetter default/letter-1'],
  ],
  [
    'discardDeadLetter',
    () => plane.client.call(operations.discardDeadLetter, { params: { ...params, id: 'letter-2' } }),
    ['deadletter.discard DeadLetter default/letter-2'],
  ],
  [
    'recover',
    () => plane.client.call(operations.recover, { body: { epoch: 1, reason: 'to be sure' } }),
    ['fleet.recover Project default'],
  ],
  [
    'revokeCluster',
    () => plane.client.call(operations.revokeCluster, { ...named('c1'), body: { reason: 'lost' } }),
    ['cluster.revoke Cluster default/c1'],
  ],
];

/** What changes nothing that anybody answers for, and what is told by whoever lets an agent in. */
const elsewhere = {
  lookAtRepository: 'asks Git what is there',
  diffTarget: 'asks an agent what is there',
  previewRollback: 'says what an order would do',
  diffRollback: 'asks agents what an order would do',
  diffPromotion: 'asks agents what an order would do',
  hook: 'says that there is something to look at',
  enrol: 'identity.spec.ts: cluster.enrol, by status',
  renew: 'identity.spec.ts: cluster.renew, by status',
};

/** Back to what runs, from what is seen now. */
async function rollbackOrder(over: { breakGlass?: string } = {}) {
  const { items } = await plane.client.call(operations.listReleases, { params, query: choice });
  const order = { selection: choice, to: items[0]!.metadata.uid };
  const { standing } = await plane.client.call(operations.previewRollback, { params, body: { ...order, ...over } });
  return { ...order, reason: 'incident 42', standing };
}

/** What this person was written down for since then. The name of what was just made is not known before. */
async function written(since: string): Promise<string[]> {
  const { rows: lines } = await database.query<{ action: string; subject: string }>(
    `SELECT action, subject FROM ledger WHERE id > $1 AND actor = 'user:bootstrap' ORDER BY id`,
    [since],
  );
  return lines.map(({ action, subject }) => `${action} ${subject.replace(/^((AgentUpgrade|Rollback) \w+\/).*/, '$1')}`);
}

describe('AT-18 each route that changes something', () => {
  it('has a row here, and a new one needs one', () => {
    const changing = Object.entries<Operation>(operations).filter(([, { method }]) => method !== 'GET');
    const known = [...rows.map(([name]) => name), ...Object.keys(elsewhere)];
    expect(changing.map(([name]) => name).toSorted()).toEqual(known.toSorted());
  });

  it.each(rows)('%s writes who did it, once', async (_, send, lines) => {
    const { rows: newest } = await database.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM ledger');
    await send();
    expect(await written(newest[0]!.id)).toEqual(lines);
  });
});
