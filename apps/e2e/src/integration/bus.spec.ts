import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedKinds, downKinds, subjects, upKinds } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import { workKinds } from '@flotilla/model';
import {
  accountTokens,
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

/** Whoever may do anything in an account, to see everything in it. */
const unbounded = (account: keyof BrokerKeys) =>
  controlUser({ ...keys, controlAccount: keys[account] }, 'eye', systemClock.now());

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

/** Every subject there is, as it stands for somebody else. A new one without a row here fails the suite. */
const families: Readonly<Record<keyof typeof subjects, (other: string) => readonly string[]>> = {
  up: (other) => upKinds.map((kind) => subjects.up(other, kind)),
  upFromAll: () => upKinds.map((kind) => subjects.upFromAll(kind)),
  upOf: (other) => [subjects.upOf(other)],
  upEverything: () => [subjects.upEverything()],
  down: (other) => downKinds.map((kind) => subjects.down(other, kind)),
  downToOne: (other) => [subjects.downToOne(other)],
  downEverything: () => [subjects.downEverything()],
  control: () => (['sources', 'delivery', 'status'] as const).map((service) => subjects.control(service, 'join')),
  wake: () => workKinds.map((kind) => subjects.wake(kind)),
  changed: () => changedKinds.map((kind) => subjects.changed(kind)),
};

/** What the broker itself keeps, and what clients use for answers. */
const brokers = [
  '$SYS.>',
  '$SYS.REQ.SERVER.PING',
  '$SYS.REQ.USER.INFO',
  '$SYS.REQ.CLAIMS.UPDATE',
  '$JS.API.>',
  '$JS.API.INFO',
  '$JS.API.STREAM.CREATE.S',
  '$JS.API.CONSUMER.MSG.NEXT.S.C',
  '$JS.ACK.S.C.1.1.1.1.1',
  '$KV.bucket.key',
  '$O.bucket.C.x',
  '$SRV.PING',
  '_INBOX.>',
  '_INBOX.victim.1',
  '_R_.>',
  '_R_.abc.1',
  '_GR_.abc.1',
  '>',
  '*',
  'fleet.>',
];

/** A subject with a wildcard in each place, and cut off after each: what a curious client would try. */
function widened(subject: string): string[] {
  const tokens = subject.split('.');
  return tokens.flatMap((_, at) => [tokens.with(at, '*').join('.'), [...tokens.slice(0, at), '>'].join('.')]);
}

const concrete = (subject: string) => subject.replaceAll('*', 'victim').replaceAll('>', 'x.y');

describe('AT-07 what an agent may do is what enrolment issued', () => {
  const thief = 'thief';
  const others = [...Object.values(families).flatMap((family) => family('victim')), ...brokers];
  /** An agent may not tell itself what it shall run, either. */
  const itself = downKinds.map((kind) => subjects.down(thief, kind));
  let client: RawNats;
  let eyes: readonly RawNats[];
  let marks = 0;

  beforeAll(async () => {
    client = await connectRaw(agentCredentials(thief));
    eyes = await Promise.all([
      connectRaw(unbounded('agentsAccount')),
      connectRaw(unbounded('controlAccount')),
      connectRaw(agentCredentials('victim')),
    ]);
    const [agents, plane, victim] = eyes as [RawNats, RawNats, RawNats];
    for (const eye of [agents, plane]) eye.subscribe('>');
    victim.subscribe(subjects.downToOne('victim'));
    await Promise.all([client, ...eyes].map((connection) => connection.flush()));
  });

  /** What anybody heard since the last time, once everything that the thief said has arrived. */
  async function heardByAnybody(): Promise<string[]> {
    await client.flush();
    const [agents] = eyes as [RawNats];
    const [subject, payload] = [subjects.up(thief, 'hello'), `mark ${++marks}`];
    client.publish({ subject, payload });
    const arrived = (eye: RawNats) => eye.heard.some((message) => message.text.endsWith(payload));
    await until(() => arrived(agents) && arrived(eyes[1]!), { what: 'the mark', intervalMs: 2 });
    await Promise.all(eyes.map((eye) => eye.flush()));
    return eyes.flatMap((eye) => eye.heard.splice(0).map(({ subject: at }) => at)).filter((at) => at !== subject);
  }

  it('has a row for every subject there is', () => {
    expect(Object.keys(families).toSorted()).toEqual(Object.keys(subjects).toSorted());
  });

  it('is to speak and to listen in one place each, by the scope that the broker holds', () => {
    const { accounts } = accountTokens(keys, systemClock.now());
    const agents = claimsOf(accounts[nkeyFromSeed(keys.agentsAccount).publicKey]!);
    const [scope, ...more] = agents.nats.signing_keys as [{ template: object }];
    const identity = claimsOf(agentCredentials(thief).jwt);
    expect({ scope: scope.template, more, name: identity.name, own: Object.keys(identity.nats).toSorted() }).toEqual({
      scope: {
        pub: { allow: ['fleet.{{name()}}.up.>'] },
        sub: { allow: ['fleet.{{name()}}.down.>'] },
        subs: 16,
        data: -1,
        payload: -1,
      },
      more: [],
      name: thief,
      own: ['issuer_account', 'type', 'version'],
    });
  });

  const places = [...others, ...others.flatMap(widened), ...widened(subjects.downToOne(thief))];
  const foreign = places.filter((subject) => !subject.startsWith(`fleet.${thief}.down.`));

  it.each([...new Set(foreign)])('cannot listen on %s, alone or in a group', async (subject) => {
    const [, plane] = eyes as [RawNats, RawNats];
    const before = client.errors.length;
    client.subscribe(subject);
    client.subscribe(subject, 'status');
    await client.flush();
    const secret = concrete(subject);
    plane.publish({ subject: secret, payload: 'secret' });
    plane.publish({ subject: subjects.down('victim', 'set'), payload: 'secret' });
    await plane.flush();
    await client.flush();
    expect({ heard: client.heard, refused: client.errors.slice(before) }).toEqual({
      heard: [],
      refused: Array.from({ length: 2 }, () => expect.stringContaining(`Subscription to "${subject}"`)),
    });
    await Promise.all(eyes.map((eye) => eye.flush()));
    eyes.forEach((eye) => eye.heard.splice(0));
  });

  const concretes = [...new Set([...others, ...itself].map(concrete))];

  it.each(concretes)('cannot speak on %s', async (subject) => {
    const before = client.errors.length;
    client.publish({ subject, payload: 'forged' });
    client.publish({ subject, answerTo: subjects.up(thief, 'answer'), payload: 'forged' });
    const heard = await heardByAnybody();
    expect({ heard, refused: client.errors.slice(before) }).toEqual({
      heard: [],
      refused: Array.from({ length: 2 }, () => expect.stringContaining(`Publish to "${subject}"`)),
    });
  });

  it.each(concretes)('cannot have anything answered, traced or redirected to %s', async (place) => {
    for (const subject of [subjects.up(thief, 'hello'), `fleet.${thief}.up.nobody-listens`]) {
      client.publish({ subject, answerTo: place, payload: 'answer me' });
      client.publish({ subject, headers: { 'Nats-Trace-Dest': place }, payload: 'trace me' });
      client.publish({
        subject,
        headers: { 'Nats-Trace-Dest': place, 'Nats-Trace-Only': 'true' },
        payload: 'trace me',
      });
    }
    const own = (at: string) => at.startsWith(`fleet.${thief}.up.`);
    expect((await heardByAnybody()).filter((at) => !own(at))).toEqual([]);
  });

  it('is heard under its own name, whatever headers it forges', async () => {
    const forged = {
      'Nats-Request-Info': '{"acc":"CONTROL"}',
      'Nats-Msg-Id': '1',
      'Nats-Subject': subjects.up('victim', 'report'),
      'Nats-Expected-Stream': 'S',
    };
    client.publish({ subject: subjects.up(thief, 'report'), headers: forged, payload: 'forged' });
    expect(await heardByAnybody()).toEqual([subjects.up(thief, 'report'), subjects.up(thief, 'report')]);
  });

  it('is all that it needs: it hears what it is told, and nothing of what others are told', async () => {
    const [, plane] = eyes as [RawNats, RawNats];
    client.subscribe(subjects.downToOne(thief));
    await client.flush();
    for (const cluster of [thief, 'victim', `${thief}-2`]) {
      plane.publish({ subject: subjects.down(cluster, 'set'), payload: cluster });
    }
    await plane.flush();
    await until(() => client.heard.length > 0, { what: 'what the agent is told' });
    await client.flush();
    expect(client.heard.map(({ subject }) => subject)).toEqual([subjects.down(thief, 'set')]);
  });

  it('is bounded in number: no more places to listen in than an agent has use for', async () => {
    const greedy = await connectRaw(agentCredentials('greedy'));
    for (let count = 0; count < 17; count++) greedy.subscribe(`fleet.greedy.down.${count}`);
    await greedy.flush();
    expect(greedy.errors).toEqual([expect.stringMatching(/maximum subscriptions exceeded/i)]);
  });
});

interface Claims {
  readonly name: string;
  readonly nats: Readonly<Record<string, unknown>>;
}

function claimsOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Claims;
}
