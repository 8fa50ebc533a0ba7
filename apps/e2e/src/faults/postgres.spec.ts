import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations, type StreamEvent } from '@flotilla/contracts';
import { until } from '@flotilla/testing';
import { keyOf, params, type MortalFleet } from '../support/mortal-fleet.ts';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';

let fleet: MortalFleet;

beforeAll(async () => {
  fleet = await startMortalFleet({ clusters: ['alpha', 'beta'], environment: { DATABASE_POOL_MAX: '4' } });
});
afterAll(() => fleet?.stop());

const api = '/api/v1/projects/default';
const suspension = (reason: string) => JSON.stringify({ choice: { environment: 'dev' }, reason });

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly code?: string;
  readonly detail?: string;
}

/** What a gateway answers, as it stands on the wire. */
async function send(
  path: string,
  { method = 'GET', body, key }: { method?: string; body?: string; key?: string } = {},
  gateway = 0,
): Promise<Answer> {
  const response = await fetch(fleet.parts.urls[gateway]! + path, {
    method,
    headers: {
      authorization: `Bearer ${fleet.parts.secrets.bootstrapToken}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
    },
    ...(body && { body }),
  });
  const text = await response.text();
  const said = response.headers.get('content-type')?.includes('json')
    ? (JSON.parse(text) as { code?: string; detail?: string })
    : {};
  const { code, detail } = said;
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
    ...(code && { code }),
    ...(detail && { detail }),
  };
}

/** Everything that a caller may want of a database that is away: reads, orders, documents, secrets, the page of a join. */
const requests: readonly [string, { method?: string; body?: string; key?: string }][] = [
  [`${api}/targets`, {}],
  [`${api}/clusters`, {}],
  [`${api}/events`, {}],
  [`${api}/rollouts`, {}],
  [`${api}/targets/suspend`, { method: 'POST', body: suspension('away'), key: 'away' }],
  [`${api}/targets/sync`, { method: 'POST', body: '{"environment":"dev"}' }],
  [`${api}/clusters`, { method: 'POST', body: '{"name":"delta"}' }],
  [
    '/api/v1/enrol',
    { method: 'POST', body: JSON.stringify({ token: 'flj_x', userKey: `U${'A'.repeat(55)}`, kubernetesUid: 'x' }) },
  ],
];

const ledgerOf = async (reason: string) => {
  const { items } = await fleet.call(operations.listEvents, { params });
  return items.filter(({ message }) => message === `suspended: ${reason}`).length;
};

describe('AT-38: PostgreSQL is gone for a while', () => {
  it('every answer is 503, says why and when to come again; agents heal; all of it catches up alone, each order once', async () => {
    const { postgres, clusters, urls } = fleet.parts;
    const events: StreamEvent[] = [];
    const leaving = new AbortController();
    let ended: string | undefined;
    const reader = new FlotillaClient({ server: urls[0]!, token: fleet.parts.secrets.bootstrapToken });
    const reading = (async () => {
      for await (const event of reader.stream('default', ['target'], leaving.signal)) events.push(event);
      ended = 'in order';
    })().catch((error: unknown) => (ended = String(error)));
    await until(() => events.some(({ type }) => type === 'BOOKMARK'), { what: 'a stream that stands' });

    await postgres.kill();
    const pushed = await fleet.push();
    const answers = await Promise.all(
      requests.flatMap(([path, request]) => urls.map((_url, gateway) => send(path, request, gateway))),
    );
    const before = await Promise.all(clusters.map(({ client }) => client.get(keyOf('ConfigMap', 'settings'))));
    for (const { client } of clusters) await client.delete(keyOf('Deployment', 'web'), { propagation: 'Background' });
    for (const { client } of clusters) {
      await until(() => client.get(keyOf('Deployment', 'web')), {
        what: 'an agent to heal meanwhile',
        timeoutMs: 60_000,
      });
    }
    const kept = await Promise.all(clusters.map(({ client }) => client.get(keyOf('ConfigMap', 'settings'))));
    const live = await send('/livez');
    const ready = await send('/readyz');

    await postgres.start();
    const order = () => send(`${api}/targets/suspend`, { method: 'POST', body: suspension('away'), key: 'away' });
    await until(async () => (await order()).status === 202, {
      what: 'the order to be taken',
      timeoutMs: 60_000,
      intervalMs: 200,
    });
    const again = await order();
    await fleet.call(operations.resumeTargets, { params, body: { environment: 'dev' } });
    await fleet.arrived(pushed);
    leaving.abort();
    await reading;

    const strange = answers.filter(
      ({ status, type, retryAfter, code, detail }) =>
        !(
          status === 503 &&
          type?.startsWith('application/problem+json') &&
          retryAfter &&
          code &&
          detail &&
          !/internal|stack/i.test(detail)
        ),
    );
    expect({
      strange,
      probes: [live.status, ready.status, ready.code],
      kept: kept.map((object) => object?.metadata.uid),
      again: again.status,
      ledger: await ledgerOf('away'),
      // Either it stood all the time, or it ended in order with a word of why.
      stream: ended === undefined || /abort/i.test(ended) || events.at(-1)!.type === 'ERROR',
    }).toEqual({
      strange: [],
      probes: [200, 503, 'NotReady'],
      kept: before.map((object) => object?.metadata.uid),
      again: 202,
      ledger: clusters.length,
      stream: true,
    });
  });

  it('an order whose commit broke off is said to be unknown, and has one effect when it is sent again with its key', async () => {
    const before = await fleet.targets();
    fleet.parts.severCommitOf('given_order');
    const request = { method: 'POST', body: suspension('broken off'), key: 'broken off'.replace(' ', '-') };
    const first = await send(`${api}/targets/suspend`, request);
    const second = await send(`${api}/targets/suspend`, request);
    const after = await fleet.targets();
    await fleet.call(operations.resumeTargets, { params, body: { environment: 'dev' } });
    expect({
      first: [first.status, first.code],
      second: second.status,
      ledger: await ledgerOf('broken off'),
      generations: after.map(({ spec }, index) => spec.generation - before[index]!.spec.generation),
    }).toEqual({ first: [503, 'CommitUnknown'], second: 202, ledger: 2, generations: [1, 1] });
  });
});

describe('AT-38: PostgreSQL has too much to do', () => {
  it('a table that nobody may touch fills the pool: 503 after a time limit, never 500 and never for ever', async () => {
    const greedy = new Client({ connectionString: fleet.parts.databaseUrl });
    await greedy.connect();
    await greedy.query('BEGIN; LOCK TABLE api_token IN ACCESS EXCLUSIVE MODE');
    const asked = Array.from({ length: 30 }, () => send(`${api}/targets`));
    const first = await Promise.race(asked);
    await greedy.query('ROLLBACK');
    await greedy.end();
    const answers = await Promise.all(asked);
    const told = ({ status, code, retryAfter }: Answer) => `${status} ${code ?? ''} ${retryAfter ?? ''}`.trim();
    expect({
      first: told(first),
      strange: answers.map(told).filter((answer) => answer !== '200' && answer !== '503 DatabaseBusy 2'),
      after: (await send(`${api}/targets`)).status,
    }).toEqual({ first: '503 DatabaseBusy 2', strange: [], after: 200 });
  });
});
