import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import {
  agentUserJwt,
  connectBus,
  controlUser,
  createBrokerKeys,
  createNkey,
  nkeyFromSeed,
  type BrokerKeys,
  type Bus,
  type BusMessage,
  type UserCredentials,
} from '@flotilla/platform-bus';
import {
  startNatsServer,
  temporaryDirectory,
  until,
  type NatsServer,
  type TemporaryDirectory,
} from '@flotilla/testing';
import { RawNats } from '../support/raw-nats.ts';

const keys = createBrokerKeys();
let directory: TemporaryDirectory;
let server: NatsServer;
const open: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory('nats');
  server = await startNatsServer({ directory: directory.path, keys });
});

afterAll(async () => {
  await Promise.all(open.map((connection) => connection.stop()));
  await server.stop();
  await directory.remove();
});

async function connect(credentials: UserCredentials, name: string): Promise<Bus> {
  const bus = await connectBus({ servers: [server.url], credentials, name });
  open.push(bus);
  return bus;
}

async function connectRaw(credentials: UserCredentials): Promise<RawNats> {
  const client = await RawNats.connect(server.port, credentials);
  open.push(client);
  return client;
}

/** An agent as enrolment makes it: a key of its own, signed by the scoped key. */
function agentCredentials(cluster: string, { lifeMs = 3_600_000, signedBy = keys }: Partial<Signing> = {}) {
  const user = createNkey('user');
  const now = systemClock.now();
  const account = nkeyFromSeed(keys.agentsAccount).publicKey;
  const jwt = agentUserJwt(
    { cluster, userKey: user.publicKey, expiresAt: now + lifeMs, now },
    signedBy.agentSigning,
    account,
  );
  return { jwt, seed: user.seed };
}

interface Signing {
  readonly lifeMs: number;
  readonly signedBy: BrokerKeys;
}

const control = () => connect(controlUser(keys, 'status', systemClock.now()), 'status');
const text = ({ data }: BusMessage) => Buffer.from(data).toString();

describe('the broker', () => {
  it('carries what an agent says to the control plane, and what it is told to that agent alone', async () => {
    const [plane, left, right] = [
      await control(),
      await connect(agentCredentials('left'), 'left'),
      await connect(agentCredentials('right'), 'right'),
    ];
    const heard: string[] = [];
    const told = { left: [] as string[], right: [] as string[] };
    plane.subscribe(subjects.upFromAll('hello'), {
      queue: 'status',
      onMessage: (message) => heard.push(`${message.subject} ${text(message)}`),
    });
    left.subscribe(subjects.downToOne('left'), { onMessage: (message) => told.left.push(text(message)) });
    right.subscribe(subjects.downToOne('right'), { onMessage: (message) => told.right.push(text(message)) });
    await Promise.all([plane, left, right].map((bus) => bus.flush()));
    left.publish(subjects.up('left', 'hello'), Buffer.from('here'), { traceparent: 'x' });
    await until(() => heard.length === 1, { what: 'the hello' });
    plane.publish(subjects.down('left', 'set'), Buffer.from('for left'));
    await until(() => told.left.length === 1, { what: 'the set' });
    expect({ heard, told }).toEqual({ heard: ['fleet.left.up.hello here'], told: { left: ['for left'], right: [] } });
  });

  it.each<[string, () => UserCredentials]>([
    ['another key signed', () => agentCredentials('left', { signedBy: createBrokerKeys() })],
    ['has run out', () => agentCredentials('left', { lifeMs: -1_000 })],
    ['somebody else holds the key of', () => ({ ...agentCredentials('left'), seed: createNkey('user').seed })],
    ['nobody signed', () => ({ ...agentCredentials('left'), jwt: '' })],
  ])('keeps out an identity that %s', async (_, credentials) => {
    const stranger = await connectRaw(credentials());
    await stranger.flush();
    expect({ closed: stranger.closed, errors: stranger.errors }).toEqual({
      closed: true,
      errors: [expect.stringMatching(/Authorization Violation|Authentication Expired/)],
    });
  });
});
