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
  type Bus,
  type BusMessage,
} from '@flotilla/platform-bus';
import {
  startNatsServer,
  temporaryDirectory,
  until,
  type NatsServer,
  type TemporaryDirectory,
} from '@flotilla/testing';

const keys = createBrokerKeys();
let directory: TemporaryDirectory;
let server: NatsServer;
const open: Bus[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory('nats');
  server = await startNatsServer({ directory: directory.path, keys });
});

afterAll(async () => {
  await Promise.all(open.map((bus) => bus.stop()));
  await server.stop();
  await directory.remove();
});

async function connect(credentials: { jwt: string; seed: string }, name: string, errors: unknown[] = []): Promise<Bus> {
  const bus = await connectBus({ servers: [server.url], credentials, name, onError: (error) => errors.push(error) });
  open.push(bus);
  return bus;
}

/** An agent as enrolment makes it: a key of its own, signed by the scoped key. */
function agentCredentials(cluster: string, lifeMs = 3_600_000) {
  const user = createNkey('user');
  const now = systemClock.now();
  const account = nkeyFromSeed(keys.agentsAccount).publicKey;
  return {
    jwt: agentUserJwt({ cluster, userKey: user.publicKey, expiresAt: now + lifeMs, now }, keys.agentSigning, account),
    seed: user.seed,
  };
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

  it('lets an agent neither listen nor speak anywhere but in its own place', async () => {
    const plane = await control();
    const victim = await connect(agentCredentials('victim'), 'victim');
    const errors: unknown[] = [];
    const thief = await connect(agentCredentials('thief'), 'thief', errors);
    const heard: string[] = [];
    const stolen: string[] = [];
    const listen = (bus: Bus, subject: string, into: string[]) =>
      bus.subscribe(subject, { onMessage: ({ subject: at }) => into.push(at) });
    listen(plane, subjects.upEverything(), heard);
    listen(victim, subjects.downToOne('victim'), heard);
    const others = ['fleet.victim.down.set', 'fleet.*.down.>', 'fleet.>', '>', '_INBOX.>', 'ctl.>', '$SYS.>'];
    for (const subject of others) listen(thief, subject, stolen);
    await Promise.all([plane, victim, thief].map((bus) => bus.flush().catch(() => undefined)));
    for (const subject of [
      'fleet.victim.up.report',
      'fleet.victim.down.set',
      'ctl.status.join',
      'fleet.thief.down.set',
    ]) {
      thief.publish(subject, Buffer.from('forged'));
    }
    plane.publish(subjects.down('victim', 'set'), Buffer.from('secret'));
    thief.publish(subjects.up('thief', 'hello'), Buffer.from('marker'));
    await until(() => heard.includes('fleet.thief.up.hello') && heard.includes('fleet.victim.down.set'), {
      what: 'the honest messages',
    });
    expect(stolen).toEqual([]);
    expect(heard.toSorted()).toEqual(['fleet.thief.up.hello', 'fleet.victim.down.set']);
  });

  it('keeps out an identity that another key signed', async () => {
    const stranger = createBrokerKeys();
    const user = createNkey('user');
    const now = systemClock.now();
    const account = nkeyFromSeed(keys.agentsAccount).publicKey;
    const forged = agentUserJwt(
      { cluster: 'left', userKey: user.publicKey, expiresAt: now + 60_000, now },
      stranger.agentSigning,
      account,
    );
    const entered = await Promise.race([
      connect({ jwt: forged, seed: user.seed }, 'forged').then(
        () => true,
        () => false,
      ),
      systemClock.sleep(1_500).then(() => false),
    ]);
    expect(entered).toBe(false);
  });
});
