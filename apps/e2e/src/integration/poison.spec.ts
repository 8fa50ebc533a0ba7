import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import {
  changedKinds,
  controlVerbs,
  operations,
  subjects,
  upKinds,
  type ControlVerb,
  type Operation,
  type StreamEvent,
} from '@flotilla/contracts';
import { systemClock, type Fault } from '@flotilla/foundation';
import { hostileBytes, hostileValues } from '@flotilla/foundation/testing';
import { workKinds } from '@flotilla/model';
import { controlUser, type BusOptions } from '@flotilla/platform-bus';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { processFigures } from '../support/process-figures.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { RawNats } from '../support/raw-nats.ts';

/**
 * Everything that listens or reads gets everything that is hostile. What there is comes from the registries of the code:
 * kinds of messages, verbs, work, changes, operations and columns that are new are tried as soon as they exist.
 */

const params = { project: 'default' };
const soon = { timeoutMs: 20_000, intervalMs: 25 };
const bytes = Object.entries(hostileBytes);

let plane: PlaneFixture;
let agent: RawAgent;
let control: ControlClient;
let raw: RawNats;
let database: Client;
let pids: readonly number[];

beforeAll(async () => {
  plane = await startPlane();
  await plane.git.createRepository('shop', { 'services/good/dev/a.yaml': 'a: 1', 'services/bad/dev/a.yaml': 'a: 1' });
  const text = fleetDocuments(['good', 'bad'], { url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'c1', labels: { dev: 'true' } });
  const options: BusOptions = {
    servers: [plane.nats.url],
    credentials: controlUser(plane.secrets.broker, 'test', systemClock.now()),
    name: 'test',
  };
  control = new ControlClient(options);
  await control.start();
  raw = await RawNats.connect(Number(new URL(plane.nats.url).port), options.credentials);
  database = new Client({ connectionString: plane.databaseUrl });
  await database.connect();
  agent.hello();
  const held = () => new Set(agent.sets.flatMap(({ entries }) => entries.map(({ application }) => application)));
  await until(() => held().size === 2, {
    what: 'both targets',
    timeoutMs: 30_000,
  });
  await reportAll();
  // One that is over each: nothing looks at them, and a list tells of both.
  await database.query(
    `INSERT INTO repair SELECT application.name, 'default', 'r', repository.uid, 'main', ARRAY[application.name], '{}', 'g', 'b', 'r',
       '{"kind": "user", "name": "ann"}', 'Pushed', 1, NULL, NULL, '{}', NULL, now(), now()
     FROM document application, document repository WHERE application.kind = 'Application' AND repository.kind = 'Repository'`,
  );
  await database.query(
    `INSERT INTO rollback SELECT name, 'default', 'user:ann', 'r', 'previous-good', jsonb_build_object('application', name),
       now() FROM document WHERE kind = 'Application'`,
  );
  pids = Object.values(plane.services).flatMap((children) => children.map(({ pid }) => pid));
});

afterAll(async () => {
  await raw?.stop();
  await database?.end();
  await control?.stop();
  await agent?.stop();
  await plane?.stop();
});

async function reportAll(): Promise<void> {
  const number = agent.report(agent.sets.flatMap(({ entries }) => entries).map((entry) => agent.well(entry)));
  await until(() => agent.receipts.includes(number), { what: 'the receipt', ...soon });
}

describe('AT-11: a message of an agent', () => {
  it.each(upKinds)('of the kind %s is dropped when it is poison, and the next is handled', async (kind) => {
    const stuck: string[] = [];
    for (const [what, data] of bytes) {
      agent.bus.publish(subjects.up(agent.identity.cluster, kind), data, { traceparent: 'nonsense' });
      const number = agent.report([]);
      await until(() => agent.receipts.includes(number), { what, ...soon }).catch(() => stuck.push(what));
    }
    const receipts = agent.receipts.length;
    // One that differs may have crossed a report: only the second one is answered.
    const isAnswered = () => {
      agent.hello(undefined, 'something else');
      return agent.receipts.slice(receipts).includes(0);
    };
    await until(isAnswered, { what: 'the answer to a hello', ...soon, intervalMs: 500 });
    expect(stuck).toEqual([]);
  });

  it('is there afterwards as a dead letter, and can be handed in again', async () => {
    const list = async () =>
      (await plane.client.call(operations.listDeadLetters, { params, query: { limit: 500 } })).items;
    await until(async () => (await list()).length > 0, { what: 'letters', ...soon });
    const letters = await list();
    const [letter] = letters.filter(({ bytes: size }) => size < 100);
    const { content } = await plane.client.call(operations.getDeadLetter, { params: { ...params, id: letter!.id } });
    await plane.client.call(operations.replayDeadLetter, { params: { ...params, id: letter!.id } });
    const again = await until(
      async () =>
        (await list()).find(
          ({ id, subject, bytes: size }) => id !== letter!.id && subject === letter!.subject && size === letter!.bytes,
        ),
      { what: 'the letter that was refused again', ...soon },
    );
    await plane.client.call(operations.discardDeadLetter, { params: { ...params, id: again.id } });
    const reader = new FlotillaClient({ server: plane.urls[0]!, token: await readerToken() });
    await expect(
      reader.call(operations.getDeadLetter, { params: { ...params, id: letters[0]!.id } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect([Buffer.from(content, 'base64').length, (await list()).some(({ id }) => id === again.id)]).toEqual([
      letter!.bytes,
      false,
    ]);
  });
});

/** A token that may read and nothing else. */
async function readerToken(): Promise<string> {
  const body = { name: 'reader', permission: 'read' } as const;
  return (await plane.client.call(operations.createToken, { body })).text;
}

describe('AT-11: a verb between services', () => {
  it.each(Object.values<ControlVerb>(controlVerbs).map((verb) => [`${verb.service}.${verb.name}`, verb] as const))(
    '%s outlives all that is hostile, and answers what comes next',
    async (_, verb) => {
      const subject = subjects.control(verb.service, verb.name);
      for (const [, data] of bytes) {
        raw.publish({ subject, payload: data });
        raw.publish({ subject, payload: data, answerTo: 'test.inbox' });
        raw.publish({
          subject,
          payload: Buffer.from(
            JSON.stringify({ pattern: subject, id: '1', data: Buffer.from(data).toString('latin1') }),
          ),
          answerTo: 'test.inbox',
        });
      }
      await raw.flush();
      const asked = performance.now();
      const code = await control.ask(verb, {} as never).then(
        () => 'answered',
        (error: unknown) => (error as Fault).code,
      );
      // What it is asked with is empty, so most of them refuse it: that is an answer.
      expect([
        ['answered', 'invalid', 'unauthenticated', 'not-found', 'forbidden'].includes(code) || code,
        performance.now() - asked < 5_000,
      ]).toEqual([true, true]);
    },
  );
});

describe('AT-11: work', () => {
  const keys = [
    '',
    ' ',
    '*',
    '>',
    'a.b.>',
    '..',
    "'; DROP TABLE work; --",
    '\u202Eevil',
    '\u001b[2J',
    '__proto__',
    'x'.repeat(2_000),
  ];

  it.each(workKinds)('of the kind %s with a hostile key holds nobody up', async (kind) => {
    for (const [, data] of bytes.slice(0, 10)) raw.publish({ subject: subjects.wake(kind), payload: data });
    const write = (key: string, trace: string | null) =>
      database.query('INSERT INTO work (kind, key, due_at, since, traceparent) VALUES ($1, $2, now(), now(), $3)', [
        kind,
        key,
        trace,
      ]);
    for (const key of keys) await write(key, 'nonsense');
    await write('nobody', null);
    raw.publish({ subject: subjects.wake(kind), payload: 'test' });
    const waiting = async () =>
      (
        await database.query(
          `SELECT key FROM work WHERE kind = $1 AND key = ANY($2) AND error IS NULL AND attempts = 0`,
          [kind, [...keys, 'nobody']],
        )
      ).rows;
    await until(async () => (await waiting()).length === 0, { what: 'all of it to be looked at', ...soon });
    const nobody = async () =>
      (await database.query(`SELECT key FROM work WHERE kind = $1 AND key = 'nobody'`, [kind])).rows;
    await until(async () => (await nobody()).length === 0, { what: 'the good one to be done', ...soon });
    await database.query('DELETE FROM work WHERE kind = $1 AND key = ANY($2)', [kind, keys]);
  });
});

describe('AT-11: word of a change', () => {
  it.each(changedKinds)('of the kind %s that is hostile ends no stream', async (kind) => {
    const events: StreamEvent[] = [];
    const leaving = new AbortController();
    const watching = (async () => {
      for await (const event of plane.client.stream('default', ['cluster', kind], leaving.signal)) events.push(event);
    })();
    await until(
      () =>
        events.filter(({ type }) => type === 'BOOKMARK').length === 2 ||
        (kind === 'cluster' && events.some(({ type }) => type === 'BOOKMARK')),
      { what: 'the bookmarks', ...soon },
    );
    for (const [, data] of bytes) raw.publish({ subject: subjects.changed(kind), payload: data });
    for (const value of Object.values(hostileValues))
      for (const body of [
        value,
        { project: value, ids: value },
        { project: 'default', ids: value },
        { project: 'default', ids: [value] },
      ])
        raw.publish({ subject: subjects.changed(kind), payload: JSON.stringify(body) });
    await raw.flush();
    const labels = { dev: 'true', kind, at: String(Math.floor(performance.now())) };
    await plane.client.call(operations.labelCluster, { params: { ...params, name: 'c1' }, body: { labels } });
    const isTold = ({ kind: of, object }: StreamEvent) =>
      of === 'cluster' && JSON.stringify(object ?? '').includes(labels.at);
    await until(() => events.some(isTold), { what: 'the change', ...soon });
    leaving.abort();
    await watching.catch(() => undefined);
  });
});

describe('AT-11: an operation of the API', () => {
  const paths = ['%00', '..%2f..%2fetc', '%ff', '__proto__', 'x'.repeat(300), '%F0%9F%92%A9', '*', '%E2%80%AEevil'];

  it.each(Object.entries<Operation>(operations).filter(([, { stream }]) => !stream))(
    '%s refuses what is hostile, and is no worse for it',
    async (_, operation) => {
      const send = async (path: string, body?: Uint8Array) => {
        const headers = { authorization: `Bearer ${plane.secrets.bootstrapToken}`, 'content-type': 'application/json' };
        const query = '?limit=NaN&cursor=%00&labelSelector=%00&kinds=__proto__&dryRun=constructor';
        const withBody = body && operation.method !== 'GET' ? { body: Buffer.from(body) } : {};
        const response = await fetch(plane.urls[0]! + path + query, { method: operation.method, headers, ...withBody });
        await response.arrayBuffer();
        return response.status;
      };
      const statuses = new Set<number>();
      const within = operation.path.replace('{project}', 'default');
      for (const part of paths) statuses.add(await send(within.replaceAll(/\{\w+\}/g, part)));
      for (const [, data] of bytes) statuses.add(await send(within.replaceAll(/\{\w+\}/g, 'nobody'), data));
      expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    },
  );
});

interface JsonColumn {
  readonly table: string;
  readonly column: string;
  readonly nullable: boolean;
}

/** Of each table that keeps JSON, the rows that are poisoned: all that is about `bad`. */
const rowsToPoison: Readonly<Record<string, string>> = {
  agent_upgrade: 'true',
  cluster: `name = 'c2'`,
  deployment: `application_name = 'bad'`,
  document: `name = 'bad'`,
  given_order: 'true',
  idempotency_key: `key = 'bad'`,
  release: `application_name = 'bad'`,
  repair: `'bad' = ANY(applications)`,
  rollback: `uid = 'bad'`,
  rollout: `application_name = 'bad'`,
  stage: `application_name = 'bad'`,
  target: `application_name = 'bad'`,
  target_count: `application = 'bad'`,
  target_detail: `target IN (SELECT uid FROM target WHERE application_name = 'bad')`,
  target_status: `target IN (SELECT uid FROM target WHERE application_name = 'bad')`,
  upgrade_step: 'true',
  work: `kind = 'count'`,
};

async function columnsOfJson(): Promise<JsonColumn[]> {
  const { rows } = await database.query<JsonColumn>(
    `SELECT table_name AS table, column_name AS column, is_nullable = 'YES' AS nullable FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'jsonb' ORDER BY 1, 2`,
  );
  return rows;
}

/** Each column gets one value in three, and the next column the next ones; `POISON_EVERY=1` gives all of them to all. */
const everyNth = Number(process.env['POISON_EVERY'] ?? 3);

const lists: readonly (readonly [path: string, operation: Operation, good: string])[] = [
  ['/documents/applications', operations.listDocuments, '"good"'],
  ['/clusters', operations.listClusters, '"c1"'],
  ['/targets', operations.listTargets, '"good.dev.c1"'],
  ['/releases', operations.listReleases, '"application":"good"'],
  ['/rollouts', operations.listRollouts, '"application":"good"'],
  ['/deployments', operations.listDeployments, '"application":"good"'],
  ['/repairs', operations.listRepairs, '"good"'],
  ['/rollbacks', operations.listRollbacks, '"good"'],
  ['/events', operations.listEvents, '"items"'],
  ['/dead-letters', operations.listDeadLetters, '"items"'],
];

/** What of the good ones is not told any more, or not as the contract says. */
async function whatIsHidden(): Promise<string[]> {
  const found = await Promise.all(
    lists.map(async ([path, operation, good]) => {
      const headers = { authorization: `Bearer ${plane.secrets.bootstrapToken}` };
      const response = await fetch(`${plane.urls[0]}/api/v1/projects/default${path}`, { headers });
      const text = await response.text();
      if (response.status !== 200) return [`${path} says ${response.status}`];
      if (!text.includes(good)) return [`${path} does not tell of ${good}`];
      const { error } = operation.response.safeParse(JSON.parse(text));
      return error ? [`${path} breaks the contract at ${error.issues[0]?.path.join('.')}`] : [];
    }),
  );
  return found.flat();
}

/** Plans the good application and sends its cluster its set once more. */
async function whatIsStuck(): Promise<string[]> {
  const { rows } = await database.query<{ kind: string; key: string }>(
    `INSERT INTO work (kind, key, due_at, since)
     SELECT 'plan', uid, now(), now() FROM document WHERE kind = 'Application' AND name = 'good'
     UNION ALL SELECT 'set', uid, now(), now() FROM cluster WHERE name = 'c1'
     UNION ALL SELECT 'count', 'default', now(), now()
     ON CONFLICT (kind, key) DO UPDATE SET due_at = now(), version = work.version + 1, error = NULL RETURNING kind, key`,
  );
  for (const { kind } of rows)
    raw.publish({ subject: subjects.wake(kind as (typeof workKinds)[number]), payload: 'test' });
  const left = async () =>
    (
      await database.query<{ kind: string; error: object | null }>('SELECT kind, error FROM work WHERE key = ANY($1)', [
        rows.map(({ key }) => key),
      ])
    ).rows;
  return until(async () => (await left()).length === 0, { what: 'nothing to wait', ...soon }).then(
    () => [],
    async () => (await left()).map((row) => `stuck: ${JSON.stringify(row).slice(0, 200)}`),
  );
}

describe('AT-11: a poisoned row', () => {
  it('is tried in every table that keeps JSON', async () => {
    const tables = new Set((await columnsOfJson()).map(({ table }) => table));
    expect(Object.keys(rowsToPoison)).toEqual([...tables]);
  });

  it('hides no other and holds up no other, whichever column holds what', async () => {
    await plane.client.call(
      operations.joinCluster,
      { params, body: { name: 'c2', labels: {} } },
      { idempotencyKey: 'bad' },
    );
    const wrong: string[] = [];
    for (const [index, { table, column, nullable }] of (await columnsOfJson()).entries()) {
      const where = rowsToPoison[table]!;
      await database.query(`CREATE TABLE kept AS SELECT * FROM ${table} WHERE ${where}`);
      for (const [at, [what, value]] of Object.entries(hostileValues).entries()) {
        if (at % everyNth !== index % everyNth || (value === null && !nullable)) continue;
        await database.query(`UPDATE ${table} SET ${column} = $1 WHERE ${where}`, [JSON.stringify(value)]);
        const trouble = [...(await whatIsHidden()), ...(await whatIsStuck())];
        wrong.push(...trouble.map((each) => `${table}.${column} holds ${what}: ${each}`));
      }
      await database.query(`DELETE FROM ${table} WHERE ${where}`);
      await database.query(`INSERT INTO ${table} SELECT * FROM kept`);
      await database.query('DROP TABLE kept');
    }
    expect(wrong).toEqual([]);
  }, 300_000);
});

describe('AT-11: after all of it', () => {
  it('every process is the one that it was, and stands still', async () => {
    const before = pids.map(processFigures);
    await systemClock.sleep(2_000);
    const after = pids.map(processFigures);
    const busy = after.map((figures, index) => (figures!.cpuMs - before[index]!.cpuMs) / 2_000);
    expect([after.every(Boolean), busy.filter((share) => share > 0.25)]).toEqual([true, []]);
  });
});
