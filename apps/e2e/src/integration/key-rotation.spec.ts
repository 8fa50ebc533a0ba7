import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { isoTime, systemClock } from '@flotilla/foundation';
import {
  agentUserJwt,
  connectSystem,
  controlUser,
  createBrokerKeys,
  createNkey,
  nkeyFromSeed,
  readNatsClaims,
  systemUser,
  type BrokerKeys,
  type Nkey,
  type UserCredentials,
} from '@flotilla/platform-bus';
import {
  agentProcess,
  serviceNames,
  startChild,
  startNatsServer,
  until,
  type Child,
  type NatsServer,
} from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { RawNats } from '../support/raw-nats.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const publicOf = (seed: string) => nkeyFromSeed(seed).publicKey;
const params = { project: 'default' };
let plane: PlaneFixture;
let door: FlotillaClient;
let broker: NatsServer | undefined;
/** The keys by which broker and services go at this moment. */
let keys: BrokerKeys;
/** What `status` was told last. */
let told: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  plane = await startPlane();
  door = new FlotillaClient({ server: plane.urls[0]! });
  keys = plane.secrets.broker;
});

afterAll(async () => {
  await plane?.stop();
  await broker?.stop();
});

const enrol = (name: string) => RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels: {} });
const makerOf = (jwt: string) => readNatsClaims(jwt).iss;

async function tellStatus(more: Readonly<Record<string, string>>): Promise<void> {
  told = { ...told, ...more };
  await plane.restart('status', told);
}

/** kill -9 of the broker, and another one in its place: on what that one kept, with these keys. */
async function restartBroker(next: BrokerKeys): Promise<void> {
  const { child } = broker ?? plane.nats;
  child.kill('SIGKILL');
  await child.exited;
  keys = next;
  broker = await startNatsServer({ directory: join(plane.directory, 'nats'), port: plane.nats.port, keys });
}

/** Whether the broker lets these in. */
async function isLetIn(credentials: UserCredentials, port = plane.nats.port): Promise<boolean> {
  const client = await RawNats.connect(port, credentials);
  await client.flush();
  const isIn = !client.closed && client.errors.length === 0;
  await client.stop();
  return isIn;
}

/** Asks at the front door, as an agent does that the broker keeps out. */
async function renewed(agent: RawAgent): Promise<UserCredentials> {
  const next = createNkey('user');
  const { credential } = await door.call(operations.renew, { body: agent.renewal(next) });
  return { jwt: (JSON.parse(credential.text) as { userJwt: string }).userJwt, seed: next.seed };
}

/** What somebody makes of a signing key that he found. */
function forged(cluster: string, signingSeed: string, { agentsAccount } = keys): UserCredentials {
  const user: Nkey = createNkey('user');
  const [now, account] = [systemClock.now(), publicOf(agentsAccount)];
  const claims = { cluster, userKey: user.publicKey, now, expiresAt: now + 3_600_000 };
  return { jwt: agentUserJwt(claims, signingSeed, account), seed: user.seed };
}

describe('AT-26: rotating the key that makes agents', () => {
  it('makes new ones with the new key at once, and cuts those of the old one off at its time', async () => {
    const early = await enrol('early');
    const line = await RawNats.connect(plane.nats.port, early.credentials);
    await line.flush();
    const [old, next] = [keys.agentSigning, createNkey('account')];
    const inAnHour = isoTime(systemClock.now() + 3_600_000);
    await tellStatus({ AGENT_SIGNING_KEY: next.seed, AGENT_SIGNING_KEYS_RETIRED: `${publicOf(old)}@${inAnHour}` });
    const late = await enrol('late');
    expect({
      makers: [makerOf(early.identity.userJwt), makerOf(late.identity.userJwt)],
      lateIsIn: await isLetIn(late.credentials),
      earlyIsIn: await isLetIn(early.credentials),
      isStillConnected: !line.closed,
    }).toEqual({
      makers: [publicOf(old), next.publicKey],
      lateIsIn: true,
      earlyIsIn: true,
      isStillConnected: true,
    });
    await tellStatus({ AGENT_SIGNING_KEYS_RETIRED: `${publicOf(old)}@${isoTime(systemClock.now())}` });
    await until(() => line.closed, { what: 'the line to be cut', timeoutMs: 10_000, intervalMs: 50 });
    const again = await renewed(early);
    expect({
      earlyIsIn: await isLetIn(early.credentials),
      forgedIsIn: await isLetIn(forged(late.identity.cluster, old)),
      lateIsIn: await isLetIn(late.credentials),
      again: [makerOf(again.jwt), await isLetIn(again)],
    }).toEqual({
      earlyIsIn: false,
      forgedIsIn: false,
      lateIsIn: true,
      again: [next.publicKey, true],
    });
    keys = { ...keys, agentSigning: next.seed };
    await Promise.all([early, late, line].map((each) => each.stop()));
  });
});

describe('AT-26: rotating the operator, whose key may be lost', () => {
  it('is not noticed by any agent but for the moment in which the broker starts, and forgets no revocation', async () => {
    const [steady, stolen] = [await enrol('steady'), await enrol('stolen')];
    const body = { reason: 'stolen' };
    await plane.client.call(operations.revokeCluster, { params: { ...params, name: 'stolen' }, body });
    await until(async () => !(await isLetIn(stolen.credentials)), { what: 'it to be shut out' });
    const { operator, operatorSigning } = createBrokerKeys();
    await restartBroker({ ...keys, operator, operatorSigning });
    await tellStatus({ OPERATOR_SIGNING_KEY: operatorSigning });
    await until(() => isLetIn(steady.credentials), { what: 'the account to be signed anew', timeoutMs: 30_000 });
    const system = await connectSystem({
      servers: [plane.nats.url],
      credentials: systemUser(keys, systemClock.now()),
      name: 'eye',
    });
    const account = await system.lookUp(publicOf(keys.agentsAccount));
    await system.stop();
    expect([makerOf(account), await isLetIn(steady.credentials), await isLetIn(stolen.credentials)]).toEqual([
      publicOf(operatorSigning),
      true,
      false,
    ]);
    await until(() => heard(steady), { what: 'it to be heard', timeoutMs: 30_000 });
    await Promise.all([steady, stolen].map((each) => each.stop()));
  });
});

describe('AT-26: rotating everything, because an account is in strange hands or every key is lost', () => {
  let steady: RawAgent;
  let stolen: RawAgent;
  let cluster: SimulatedClusterProcess;
  let agent: Child;

  beforeAll(async () => {
    [steady, stolen] = [await enrol('steady2'), await enrol('stolen2')];
    cluster = await startSimulatedCluster(plane.directory, 'own');
    // Who renews asks for another identity only when the one he has is no longer young.
    await tellStatus({ AGENT_IDENTITY_LIFE: '9s' });
    agent = await startAgentProcess(plane, { name: 'own', labels: {}, access: cluster.access });
    await until(() => isConnected('own'), { what: 'the agent to be heard', timeoutMs: 30_000 });
    await agent.stop();
  });
  afterAll(async () => {
    await agent?.stop();
    await cluster?.stop();
  });

  it('shuts every identity out; who is on record comes back by himself, and who was revoked does not', async () => {
    const body = { reason: 'stolen' };
    await plane.client.call(operations.revokeCluster, { params: { ...params, name: 'stolen2' }, body });
    const [before, next] = [keys, createBrokerKeys()];
    await restartBroker(next);
    const now = systemClock.now();
    const user = (name: string) => ({ NATS_CREDENTIALS: JSON.stringify(controlUser(next, name, now)) });
    for (const name of serviceNames.filter((each) => each !== 'status')) await plane.restart(name, user(name));
    await tellStatus({
      ...user('status'),
      AGENT_IDENTITY_LIFE: '90d',
      AGENT_SIGNING_KEY: next.agentSigning,
      AGENT_SIGNING_KEYS_RETIRED: '',
      AGENTS_ACCOUNT: publicOf(next.agentsAccount),
      AGENTS_ACCOUNTS_BEFORE: publicOf(before.agentsAccount),
      OPERATOR_SIGNING_KEY: next.operatorSigning,
      NATS_SYSTEM_CREDENTIALS: JSON.stringify(systemUser(next, now)),
    });
    const again = await renewed(steady);
    expect({
      steadyIsIn: await isLetIn(steady.credentials),
      again: [await isLetIn(again), readNatsClaims(again.jwt).nats['issuer_account']],
      oldServiceIsIn: await isLetIn(controlUser(before, 'status', now)),
      forgedIsIn: await isLetIn(forged(steady.identity.cluster, before.agentsAccount)),
    }).toEqual({
      steadyIsIn: false,
      again: [true, publicOf(next.agentsAccount)],
      oldServiceIsIn: false,
      forgedIsIn: false,
    });
    await expect(renewed(stolen)).rejects.toMatchObject({ reason: 'RenewalRefused' });
    const back = isoTime(systemClock.now());
    agent = startChild({
      name: 'agent-own',
      ...agentProcess({ FLOTILLA_URL: plane.urls[0]!, ...cluster.access }),
      logFile: join(plane.directory, 'logs', 'agent-own-again.log'),
    });
    await until(async () => (await shown('own')).lastSeenAt! > back, { what: 'the agent', timeoutMs: 60_000 });
    await Promise.all([steady, stolen].map((each) => each.stop()));
  });
});

describe('AT-26: a broker that status may not tell anything', () => {
  it('goes by the key that makes agents in the configuration it was started with last, and by no other', async () => {
    const first = createBrokerKeys();
    const next = { ...first, agentSigning: createNkey('account').seed };
    const directory = join(plane.directory, 'untold');
    const lets: boolean[][] = [];
    for (const configured of [first, next]) {
      const server = await startNatsServer({ directory, keys: configured });
      const made = [first, next].map(({ agentSigning }) => forged('c1', agentSigning, first));
      lets.push(await Promise.all(made.map((user) => isLetIn(user, server.port))));
      await server.stop();
    }
    expect(lets).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

/** Its line redials by itself: it says hello until the record shows that it is heard. */
async function heard(agent: RawAgent): Promise<boolean> {
  if (agent.bus.connected) agent.hello();
  return isConnected(agent.identity.name);
}

async function shown(name: string) {
  return (await plane.client.call(operations.getCluster, { params: { ...params, name } })).status;
}

async function isConnected(name: string): Promise<boolean> {
  return (await shown(name)).connection === 'Connected';
}
