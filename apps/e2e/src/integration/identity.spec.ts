import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { credentialSchema, operations, subjects, type Renewal, type SignedText } from '@flotilla/contracts';
import { isoTime, Redacted, systemClock } from '@flotilla/foundation';
import { createNkey, orderKeyPair, signKeyList, type Nkey } from '@flotilla/platform-bus';
import { agentProcess, startChild, startNatsServer, until, type Child, type NatsServer } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { RawNats } from '../support/raw-nats.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
let plane: PlaneFixture;
let door: FlotillaClient;
let broker: NatsServer | undefined;

beforeAll(async () => {
  plane = await startPlane();
  door = new FlotillaClient({ server: plane.urls[0]! });
});

afterAll(async () => {
  await plane?.stop();
  await broker?.stop();
});

const enrol = (name: string) => RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels: {} });
const shown = (name: string) => plane.client.call(operations.getCluster, { params: { ...params, name } });
const log = (name: string) => readFile(join(plane.directory, 'logs', `${name}.log`), 'utf8');

/** Whether the broker lets these in. */
async function isLetIn(jwt: string, { seed }: Nkey): Promise<boolean> {
  const client = await RawNats.connect(plane.nats.port, { jwt, seed });
  await client.flush();
  const isIn = !client.closed && client.errors.length === 0;
  await client.stop();
  return isIn;
}

describe('AT-25: a key is exchanged for the next', () => {
  let agent: RawAgent;
  let other: RawAgent;
  let next: Nkey;

  beforeAll(async () => {
    agent = await enrol('renewed');
    other = await enrol('renewed2');
    next = createNkey('user');
  });
  afterAll(() => Promise.all([agent, other].map((each) => each.stop())));

  it('over the broker, by an order to the cluster that the subject names, and again as often as it is asked for', async () => {
    const heard = () => agent.raw.filter(({ subject }) => subject.endsWith('.credential'));
    for (let count = 1; count <= 2; count++) {
      const message = { v: 1, at: isoTime(systemClock.now()), ...agent.renewal(next) };
      agent.bus.publish(subjects.up(agent.identity.cluster, 'renew'), Buffer.from(JSON.stringify(message)));
      await until(() => heard().length === count, { what: 'the credential' });
    }
    const [credential] = heard();
    const { cluster, userKey, userJwt } = credentialSchema.parse(JSON.parse(Buffer.from(credential!.data).toString()));
    expect({
      cluster,
      userKey,
      signed: credential!.headers['Flotilla-Signature']?.split(':')[0],
      newIsIn: await isLetIn(userJwt, next),
      stolenIsIn: await isLetIn(userJwt, createNkey('user')),
      oldIsIn: await isLetIn(agent.identity.userJwt, agent.user),
    }).toEqual({
      cluster: agent.identity.cluster,
      userKey: next.publicKey,
      signed: agent.identity.orderKeys[0]!.id,
      newIsIn: true,
      stolenIsIn: false,
      oldIsIn: true,
    });
  });

  it('at the front door, which is open to nothing but the holder of a key on record', async () => {
    const { credential } = await door.call(operations.renew, { body: other.renewal(createNkey('user')) });
    expect(JSON.parse(credential.text)).toMatchObject({ cluster: other.identity.cluster });
    const stranger = createNkey('user');
    const lies: readonly [string, Partial<Renewal>, Nkey][] = [
      ['signed by another key', {}, stranger],
      ['the cluster of another', { cluster: agent.identity.cluster }, other.user],
      ['the key of another', { userKey: agent.user.publicKey }, other.user],
      ['another Kubernetes', { kubernetesUid: 'renewed' }, other.user],
      ['another account', { account: 'ABC' }, other.user],
      ['a key whose holder did not sign', { nextKey: agent.user.publicKey }, other.user],
      ['a second successor', {}, other.user],
    ];
    const answers = await Promise.all(
      lies.map(async ([what, lie, by]) => {
        const asked = door.call(operations.renew, { body: other.renewal(createNkey('user'), lie, by) });
        return `${what}: ${await asked.then(() => 'renewed').catch(({ reason }: { reason: string }) => reason)}`;
      }),
    );
    expect(answers).toEqual(lies.map(([what]) => `${what}: RenewalRefused`));
  });
});

describe('AT-26: a cluster that is revoked', () => {
  let agent: RawAgent;
  let line: RawNats;

  beforeAll(async () => {
    agent = await enrol('revoked');
    line = await RawNats.connect(plane.nats.port, agent.credentials);
    await line.flush();
  });
  afterAll(() => Promise.all([agent.stop(), line.stop()]));

  const isIn = () => isLetIn(agent.identity.userJwt, agent.user);

  it('is cut off within ten seconds, and shows as what it is', async () => {
    const begun = performance.now();
    const body = { reason: 'stolen' };
    await plane.client.call(operations.revokeCluster, { params: { ...params, name: 'revoked' }, body });
    await until(() => line.closed, { what: 'the line to be cut', timeoutMs: 10_000, intervalMs: 10 });
    const seconds = (performance.now() - begun) / 1_000;
    expect([seconds < 10, await isIn(), (await shown('revoked')).status.connection]).toEqual([true, false, 'Revoked']);
    const asked = door.call(operations.renew, { body: agent.renewal(createNkey('user')) });
    await expect(asked).rejects.toMatchObject({ reason: 'RenewalRefused' });
  });

  it('stays out when `status` and the broker are started again', async () => {
    await plane.restart('status');
    expect(await isIn()).toBe(false);
    plane.nats.child.kill('SIGKILL');
    await plane.nats.child.exited;
    broker = await startNatsServer({
      directory: join(plane.directory, 'nats'),
      port: plane.nats.port,
      keys: plane.nats.keys,
    });
    expect(await isIn()).toBe(false);
  });

  it('is put out again by the record when a broker comes back that forgot it', async () => {
    await broker!.stop();
    await rm(join(plane.directory, 'nats', 'accounts'), { recursive: true });
    broker = await startNatsServer({
      directory: join(plane.directory, 'nats'),
      port: plane.nats.port,
      keys: plane.nats.keys,
    });
    await until(async () => !(await isIn()), {
      what: 'the broker to be told again',
      timeoutMs: 30_000,
      intervalMs: 500,
    });
  });

  it('is let in again by a new token, with a new key', async () => {
    const again = await enrol('revoked');
    expect([await isLetIn(again.identity.userJwt, again.user), await isIn()]).toEqual([true, false]);
    expect(again.identity.cluster).toBe(agent.identity.cluster);
    again.hello();
    await until(async () => (await shown('revoked')).status.connection === 'Connected', { what: 'it to be heard' });
    await again.stop();
  });
});

describe('AT-26: an agent process', () => {
  let cluster: SimulatedClusterProcess;
  let copy: SimulatedClusterProcess;
  const agents: Child[] = [];

  beforeAll(async () => {
    await plane.git.createRepository('shop', { 'services/checkout/dev/a.yaml': manifest('1') });
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    cluster = await startSimulatedCluster(plane.directory, 'true');
    copy = await startSimulatedCluster(plane.directory, 'copy');
    agents.push(await startAgentProcess(plane, { name: 'true', labels: { dev: 'true' }, access: cluster.access }));
    await runs('1');
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    await Promise.all([cluster, copy].map((each) => each?.stop()));
  });

  const manifest = (a: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "${a}"}\n`;
  const named = { kind: 'ConfigMap', namespace: 'checkout-dev', name: 'a' };
  const held = async (at: SimulatedClusterProcess) => {
    const { items } = await plane.client.call(operations.listTargets, { params });
    const object = await at.client.get({ group: '', ...named }).catch(() => undefined);
    return { a: (object?.['data'] as { a?: string } | undefined)?.a, sync: items[0]?.status.sync };
  };
  const runs = (a: string) =>
    until(
      async () => {
        const now = await held(cluster);
        return now.a === a && now.sync === 'Synced';
      },
      { what: `a: ${a} to run`, timeoutMs: 60_000, intervalMs: 300 },
    );
  const push = async (a: string) => {
    await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': manifest(a) });
    const look = () => plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await until(() => look().then(() => true), { what: 'the order to be taken', timeoutMs: 30_000 });
  };

  it('follows the order key through two rotations, the second of which it sleeps through', async () => {
    const seeds = [plane.secrets.orderKey, ...['b', 'c'].map((fill) => Buffer.alloc(32, fill).toString('base64'))];
    const [first, second, third] = seeds.map((seed) => orderKeyPair(new Redacted(seed))) as [Key, Key, Key];
    const now = systemClock.now();
    const lists: SignedText[] = [
      signKeyList({ number: 1, keys: [first.publicKey, second.publicKey] }, { key: first, now }),
    ];
    await plane.restart('delivery', { ORDER_KEY: seeds[1]!, ORDER_KEY_LISTS: JSON.stringify(lists) });
    await push('2');
    await runs('2');
    await agents[0]!.stop();
    lists.push(signKeyList({ number: 2, keys: [third.publicKey] }, { key: second, now }));
    await plane.restart('delivery', { ORDER_KEY: seeds[2]!, ORDER_KEY_LISTS: JSON.stringify(lists) });
    await push('3');
    agents.push(startAgain(cluster, 'true-again'));
    await runs('3');
    expect(await log('agent-true-again')).toContain('signed with other keys');
  });

  it('whose identity is carried to another cluster changes nothing there and is not believed; people are told the way out', async () => {
    const stolen = {
      group: '',
      kind: 'Secret',
      namespace: 'flotilla-system',
      name: 'flotilla-identity',
    };
    const secret = await cluster.client.get(stolen);
    const data = (secret!['data'] as { identity: string }).identity;
    const { kubernetesUid: _, ...identity } = JSON.parse(Buffer.from(data, 'base64').toString()) as Record<
      string,
      unknown
    >;
    const forged = Buffer.from(JSON.stringify(identity)).toString('base64');
    const by = { manager: 'test' };
    await copy.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flotilla-system' } }, by);
    const metadata = { namespace: stolen.namespace, name: stolen.name };
    await copy.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, data: { identity: forged } }, by);
    const history = async () => (await plane.client.call(operations.listDeployments, { params })).items.length;
    const before = await history();
    agents.push(startAgain(copy, 'copy'));
    const alarm = await until(async () => (await shown('true')).status.alarm, { what: 'the alarm', timeoutMs: 40_000 });
    expect(alarm).toMatchObject({
      code: 'IdentityElsewhere',
      message: expect.stringContaining('flotilla cluster join true'),
    });
    await until(async () => (await log('agent-copy')).includes('this one changes nothing'), {
      what: 'it to stand aside',
    });
    await push('4');
    await until(async () => (await history()) > before, { what: 'the deployment', timeoutMs: 30_000 });
    await runs('4');
    expect([await history(), (await held(copy)).a, (await shown('true')).status.connection]).toEqual([
      before + 1,
      undefined,
      'Connected',
    ]);
    const { items } = await plane.client.call(operations.listEvents, {
      params,
      query: { subject: 'Cluster default/true' },
    });
    expect(items.filter(({ action }) => action === 'cluster.alarm')).toHaveLength(1);
  });

  type Key = ReturnType<typeof orderKeyPair>;

  function startAgain({ access }: SimulatedClusterProcess, name: string): Child {
    return startChild({
      name: `agent-${name}`,
      ...agentProcess({ FLOTILLA_URL: plane.urls[0]!, ...access }),
      logFile: join(plane.directory, 'logs', `agent-${name}.log`),
    });
  }
});

describe('AT-25: an agent that was away for longer than its identity lived', () => {
  it('comes back through the front door', async () => {
    const cluster = await startSimulatedCluster(plane.directory, 'away');
    await plane.restart('status', { AGENT_IDENTITY_LIFE: '8s' });
    const agent = await startAgentProcess(plane, { name: 'away', labels: {}, access: cluster.access });
    await until(async () => (await shown('away')).status.connection === 'Connected', {
      what: 'it to be heard',
      timeoutMs: 30_000,
    });
    await plane.restart('status', { AGENT_IDENTITY_LIFE: '90d' });
    await until(async () => (await log('agent-away')).includes('has another identity'), {
      what: 'another identity',
      timeoutMs: 60_000,
      intervalMs: 300,
    });
    const seen = (await shown('away')).status.lastSeenAt!;
    await until(async () => (await shown('away')).status.lastSeenAt! > seen, {
      what: 'it to be heard',
      timeoutMs: 30_000,
    });
    await agent.stop();
    await cluster.stop();
  });
});
