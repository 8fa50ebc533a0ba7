import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { answerSchema, askSchema } from './ask.ts';
import { enrolAnswerSchema, enrolRequestSchema } from './enrol.ts';
import { helloSchema } from './hello.ts';
import { keyListSchema } from './keys.ts';
import { credentialSchema, renewSchema } from './renew.ts';
import { receiptSchema, reportSchema } from './report.ts';
import { setSchema } from './set.ts';

const head = { v: 1, at: '2026-01-01T00:00:00.000Z' };
const speaker = { instance: 'agent-7', leaseTransitions: 3 };
const fence = { epoch: 1, generation: 2 };
const status = {
  target: 't1',
  generation: 2,
  sync: 'Synced',
  health: 'Healthy',
  since: head.at,
  resources: [{ group: 'apps', kind: 'Deployment', name: 'a', sync: 'Synced', health: 'Healthy' }],
};
const entry = {
  target: 't1',
  project: 'shop',
  application: 'checkout',
  environment: 'dev',
  generation: 2,
  intent: 'run',
  release: 'r1',
  sourceDigest: 'd',
  namespace: 'checkout',
  source: { url: 'https://git.example.org/shop', revision: 'a'.repeat(40), path: 'services/checkout', also: [] },
  sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
};

/** One of each message, with everything that it has to have. */
const messages: Readonly<Record<string, readonly [z.ZodType, object]>> = {
  hello: [
    helloSchema,
    {
      ...head,
      ...speaker,
      protocol: { oldest: 1, newest: 1 },
      fence,
      setDigest: 'd',
      statusDigest: 'd',
      facts: { kubernetesVersion: 'v1.34.4', agentVersion: '0.1.0' },
    },
  ],
  report: [reportSchema, { ...head, ...speaker, number: 1, fence, items: [status], statusDigest: 'd' }],
  receipt: [receiptSchema, { ...head, number: 1 }],
  set: [
    setSchema,
    { ...head, cluster: 'c1', ...fence, previous: 0, setDigest: 'd'.repeat(64), entries: [entry], gone: [] },
  ],
  renew: [renewSchema, { ...head, renewal: '{}', signature: 's', nextSignature: 's' }],
  credential: [
    credentialSchema,
    { ...head, cluster: 'c1', userKey: `U${'A'.repeat(55)}`, userJwt: 'j', servers: ['nats://a'], expiresAt: head.at },
  ],
  keys: [keyListSchema, { ...head, number: 1, keys: [{ id: 'k', publicKey: 'p', until: head.at, recovery: true }] }],
  ask: [askSchema, { ...head, id: 'q1', cluster: 'c1', expiresAt: head.at, question: { kind: 'diff', target: 't1' } }],
  answer: [answerSchema, { ...head, id: 'q1', diff: [{ object: 'v1/ConfigMap a', change: 'update', fields: [] }] }],
};
const rows = Object.entries(messages).map(([name, [schema, message]]) => ({ name, schema, message }));

/** The same with something unknown in it and in everything in it, as a newer sender would say it. */
function fromTheFuture(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromTheFuture);
  if (value === null || typeof value !== 'object') return value;
  const known = Object.entries(value).map(([name, child]) => [name, fromTheFuture(child)]);
  return { ...(Object.fromEntries(known) as object), unknown: { deep: true } };
}

describe('each message', () => {
  it.each(rows)('$name is read as it is', ({ schema, message }) => {
    expect(schema.parse(message)).toEqual(message);
  });

  it.each(rows.filter(({ name }) => name !== 'set'))(
    '$name is read without what is not known here',
    ({ schema, message }) => {
      expect(schema.parse(fromTheFuture(message))).toEqual(message);
    },
  );

  it.each(rows.flatMap((row) => [0, 2, 1.5, '1', undefined].map((v) => ({ ...row, v }))))(
    '$name of version $v is refused whole',
    ({ schema, message, v }) => {
      const { error } = schema.safeParse({ ...message, v });
      expect(error?.issues.map(({ path }) => path)).toEqual([['v']]);
    },
  );

  it.each(rows)('$name of another version is told which ones are spoken here', ({ schema, message }) => {
    const { error } = schema.safeParse({ ...message, v: 2 });
    expect(error?.issues[0]?.message).toBe('must be a protocol version from 1 to 1; this side speaks no other');
  });
});

describe('a set', () => {
  it('keeps what is not known in its entries, because its digest covers them as they were sent', () => {
    const [, set] = messages.set as [z.ZodType, { entries: object[] }];
    const sent = fromTheFuture(set) as { entries: object[] };
    const { entries, ...read } = setSchema.parse(sent);
    expect({ entries, aboveThem: 'unknown' in read }).toEqual({ entries: sent.entries, aboveThem: false });
  });
});

describe('what a message may hold', () => {
  it.each([
    ['report', { items: Array.from({ length: 200 }, () => status) }, true],
    ['report', { items: Array.from({ length: 201 }, () => status) }, false],
    ['report', { number: 0 }, false],
    ['report', { items: [{ ...status, target: 'a.b' }] }, false],
    ['report', { items: [{ ...status, health: 7 }] }, false],
    ['report', { items: [{ ...status, health: 'Splendid' }] }, true],
    ['hello', { instance: 'x'.repeat(65) }, false],
    ['hello', { leaseTransitions: -1 }, false],
    ['hello', { at: 'x'.repeat(41) }, false],
    ['ask', { cluster: '*' }, false],
    ['ask', { question: { kind: 'run', command: 'sh' } }, false],
    ['receipt', { slowDownMs: 600_001 }, false],
    ['answer', { problem: 'x'.repeat(2_001) }, false],
  ] as const)('%s %j: %s', (name, change, allowed) => {
    const [schema, message] = messages[name]!;
    expect(schema.safeParse({ ...message, ...change }).success).toBe(allowed);
  });
});

describe('AT-41 a word that only a newer agent knows', () => {
  it('says nothing here, and the report that holds it is read', () => {
    const [, report] = messages.report as [z.ZodType, object];
    const resources = [{ ...status.resources[0], health: 'Hibernating' }];
    const newer = { ...status, sync: 'Drifting', health: 'Splendid', resources };
    const { items } = reportSchema.parse({ ...report, items: [newer] });
    const [{ sync, health, resources: read }] = items as [typeof status];
    expect([sync, health, read[0]!.health]).toEqual(['Unknown', 'Unknown', 'Unknown']);
  });
});

describe('enrolment', () => {
  const request = { token: 'x', userKey: `U${'A'.repeat(55)}`, kubernetesUid: 'k' };

  it.each([
    [{}, true],
    [{ userKey: `A${'A'.repeat(55)}` }, false],
    [{ userKey: `SU${'A'.repeat(56)}` }, false],
    [{ userKey: `${request.userKey}\n` }, false],
    [{ token: 'x'.repeat(129) }, false],
  ])('is asked for with a token and a public key, never a seed: %j', (change, allowed) => {
    expect(enrolRequestSchema.safeParse({ ...request, ...change }).success).toBe(allowed);
  });

  it.each([{ servers: [] }, { orderKeys: [] }, { cluster: 'a.b' }])('is not answered with %j', (change) => {
    const answer = {
      cluster: 'c1',
      project: 'default',
      name: 'c',
      userJwt: 'j',
      servers: ['nats://127.0.0.1'],
      orderKeys: [{ id: 'k', publicKey: 'p' }],
      expiresAt: head.at,
    };
    expect([answer, { ...answer, ...change }].map((body) => enrolAnswerSchema.safeParse(body).success)).toEqual([
      true,
      false,
    ]);
  });
});
