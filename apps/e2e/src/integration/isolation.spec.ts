import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downKinds, subjects } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import {
  connectSystem,
  controlUser,
  nkeyFromSeed,
  readNatsClaims,
  systemUser,
  type BrokerKeys,
  type UserCredentials,
} from '@flotilla/platform-bus';
import { until } from '@flotilla/testing';
import { concrete, families, foreignSubjects, widened } from '../support/foreign-subjects.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { RawNats } from '../support/raw-nats.ts';

/**
 * AT-07, on a broker that a control plane runs on: clusters a, b and c enrolled through the front door, and a client that
 * keeps no rules tries with what a was given everything that a client can try. What b, c and the control plane hear of
 * that is nothing. The rows come from the subjects in contracts.
 */
let plane: PlaneFixture;
let agents: Readonly<Record<'a' | 'b' | 'c', RawAgent>>;
let a: RawNats;
let eyes: readonly RawNats[];
let marks = 0;
const open: { stop(): Promise<void> }[] = [];

/** Names that stand for the clusters' identities, which nobody knows before they enrol. */
const [thief, others] = ['a', ['b', 'c']] as const;
const uids = new Map<string, string>();
const real = (subject: string) =>
  subject
    .split('.')
    .map((token) => uids.get(token) ?? token)
    .join('.');

beforeAll(async () => {
  plane = await startPlane();
  const enrol = (name: string) => RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels: {} });
  agents = { a: await enrol('a'), b: await enrol('b'), c: await enrol('c') };
  for (const [name, agent] of Object.entries(agents)) uids.set(name, agent.identity.cluster);
  a = await connect(agents.a.credentials);
  eyes = await Promise.all([
    connect(unbounded('agentsAccount')),
    connect(unbounded('controlAccount')),
    connect(agents.b.credentials),
    connect(agents.c.credentials),
  ]);
  const [inAgents, inControl, b, c] = eyes as [RawNats, RawNats, RawNats, RawNats];
  for (const eye of [inAgents, inControl]) eye.subscribe('>');
  b.subscribe(real(subjects.downToOne('b')));
  c.subscribe(real(subjects.downToOne('c')));
  await Promise.all([a, ...eyes].map((each) => each.flush()));
});

afterAll(async () => {
  await Promise.all([...open, ...Object.values(agents ?? {})].map((each) => each.stop()));
  await plane?.stop();
});

async function connect(credentials: UserCredentials): Promise<RawNats> {
  const client = await RawNats.connect(plane.nats.port, credentials);
  open.push(client);
  return client;
}

/** Whoever may do anything in an account, to see everything in it. */
function unbounded(account: keyof BrokerKeys): UserCredentials {
  const { broker } = plane.secrets;
  return controlUser({ ...broker, controlAccount: broker[account] }, 'eye', systemClock.now());
}

/** What anybody heard since the last time, once everything that a said has arrived. */
async function heardByAnybody(): Promise<string[]> {
  await a.flush();
  const [inAgents, inControl] = eyes as [RawNats, RawNats];
  const [subject, payload] = [real(subjects.up(thief, 'answer')), `mark ${++marks}`];
  a.publish({ subject, payload });
  const arrived = (eye: RawNats) => eye.heard.some((message) => message.text.endsWith(payload));
  await until(() => arrived(inAgents) && arrived(inControl), { what: 'the mark', intervalMs: 2 });
  await Promise.all(eyes.map((eye) => eye.flush()));
  const heard = eyes.flatMap((eye) => eye.heard.splice(0)).filter((message) => !isOfThePlane(message));
  return heard.map((message) => message.subject).filter((at) => at !== subject);
}

/** The control plane goes on living meanwhile: replicas wake one another and tell screens what changed. */
function isOfThePlane({ subject, text }: RawNats['heard'][number]): boolean {
  if (subject.startsWith('ctl.wake.')) return /^[0-9a-z]+$/.test(text);
  return (
    subject.startsWith('ctl.changed.') && /^(?:NATS\/1\.0[^{]*)?\{"project":"[^"]*","ids":\[[^\]]*\]\}$/.test(text)
  );
}

describe('AT-07 what a cluster may do is what enrolment issued', () => {
  const foreign = foreignSubjects(others);
  /** A cluster may not tell itself what it shall run, either. */
  const itself = downKinds.map((kind) => subjects.down(thief, kind));
  const places = [...foreign, ...foreign.flatMap(widened), ...widened(subjects.downToOne(thief))];
  const heardElsewhere = [...new Set(places)].filter((subject) => !subject.startsWith(`fleet.${thief}.down.`));
  const concretes = [...new Set([...foreign, ...itself].map((subject) => concrete(subject, 'b')))];

  it('has a row for every subject there is', () => {
    expect(Object.keys(families).toSorted()).toEqual(Object.keys(subjects).toSorted());
  });

  it('is to speak and to listen in one place each, by the scope that the broker holds; nothing is in its own hands', async () => {
    const { broker } = plane.secrets;
    const account = nkeyFromSeed(broker.agentsAccount).publicKey;
    const credentials = systemUser(broker, systemClock.now());
    const line = await connectSystem({ servers: [plane.nats.url], credentials, name: 'test' });
    const [scope, ...more] = readNatsClaims(await line.lookUp(account)).nats['signing_keys'] as [{ template: object }];
    await line.stop();
    const { name, nats, exp } = readNatsClaims(agents.a.identity.userJwt);
    const days = Math.round(((exp ?? 0) * 1_000 - systemClock.now()) / 86_400_000);
    expect({ scope: scope.template, more, name, nats, days }).toEqual({
      scope: {
        pub: { allow: ['fleet.{{name()}}.up.>'] },
        sub: { allow: ['fleet.{{name()}}.down.>'] },
        subs: 16,
        data: -1,
        payload: -1,
      },
      more: [],
      name: agents.a.identity.cluster,
      nats: { type: 'user', version: 2, issuer_account: account },
      days: 90,
    });
  });

  it.each(heardElsewhere)('cannot listen on %s, alone or in a group', async (named) => {
    const [, inControl] = eyes as [RawNats, RawNats];
    const [subject, before] = [real(named), a.errors.length];
    for (const group of ['', 'status', 'delivery']) a.subscribe(subject, group);
    await a.flush();
    inControl.publish({ subject: real(concrete(named, 'b')), payload: 'secret' });
    for (const other of others) inControl.publish({ subject: real(subjects.down(other, 'set')), payload: 'secret' });
    await inControl.flush();
    await a.flush();
    expect({ heard: a.heard, refused: a.errors.slice(before) }).toEqual({
      heard: [],
      refused: Array.from({ length: 3 }, () => expect.stringContaining(`Subscription to "${subject}"`)),
    });
    await Promise.all(eyes.map((eye) => eye.flush()));
    eyes.forEach((eye) => eye.heard.splice(0));
  });

  it.each(concretes)('cannot speak on %s', async (named) => {
    const [subject, before] = [real(named), a.errors.length];
    a.publish({ subject, payload: 'forged' });
    a.publish({ subject, answerTo: real(subjects.up(thief, 'answer')), payload: 'forged' });
    const heard = await heardByAnybody();
    expect({ heard, refused: a.errors.slice(before) }).toEqual({
      heard: [],
      refused: Array.from({ length: 2 }, () => expect.stringContaining(`Publish to "${subject}"`)),
    });
  });

  it.each(concretes)('cannot have anything answered, traced or redirected to %s', async (named) => {
    const place = real(named);
    for (const kind of ['hello', 'nobody-listens']) {
      const subject = `${real(subjects.upOf(thief)).slice(0, -1)}${kind}`;
      const traced = { 'Nats-Trace-Dest': place };
      a.publish({ subject, answerTo: place, payload: 'answer me' });
      a.publish({ subject, headers: traced, payload: 'trace me' });
      a.publish({ subject, headers: { ...traced, 'Nats-Trace-Only': 'true' }, payload: 'trace me' });
    }
    const own = real(subjects.upOf(thief)).slice(0, -1);
    expect((await heardByAnybody()).filter((at) => !at.startsWith(own))).toEqual([]);
  });

  it('is heard under its own name, whatever headers it forges', async () => {
    const subject = real(subjects.up(thief, 'report'));
    const headers = {
      'Nats-Request-Info': '{"acc":"CONTROL"}',
      'Nats-Msg-Id': '1',
      'Nats-Subject': real(subjects.up('b', 'report')),
      'Nats-Expected-Stream': 'S',
    };
    a.publish({ subject, headers, payload: 'forged' });
    expect(await heardByAnybody()).toEqual([subject, subject]);
  });

  it('is all that it needs: it hears what it is told, and nothing of what others are told', async () => {
    const [, inControl] = eyes as [RawNats, RawNats];
    a.subscribe(real(subjects.downToOne(thief)));
    await a.flush();
    const uid = agents.a.identity.cluster;
    for (const cluster of [uid, agents.b.identity.cluster, `${uid}-2`]) {
      inControl.publish({ subject: subjects.down(cluster, 'ask'), payload: cluster });
    }
    await inControl.flush();
    await until(() => a.heard.length > 0, { what: 'what the cluster is told' });
    await a.flush();
    expect(a.heard.splice(0).map(({ subject }) => subject)).toEqual([subjects.down(uid, 'ask')]);
  });

  it('is bounded in number: no more places to listen in than an agent has use for', async () => {
    const greedy = await connect(agents.a.credentials);
    for (let count = 0; count < 17; count++) greedy.subscribe(`fleet.${agents.a.identity.cluster}.down.${count}`);
    await greedy.flush();
    expect(greedy.errors).toEqual([expect.stringMatching(/maximum subscriptions exceeded/i)]);
  });
});
