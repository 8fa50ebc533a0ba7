import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type Operation } from '@flotilla/contracts';
import { Fault, type Running } from '@flotilla/foundation';
import { currentTraceparent, registry } from '@flotilla/platform-telemetry';
import { startTelemetry } from '@flotilla/platform-telemetry/sdk';
import { serverBounds } from './http/bound-server.ts';
import { browserHeaders } from './http/security-headers.ts';
import { openGateway, type TestGateway } from './testing/open-gateway.ts';

let telemetry: Running;
let gateway: TestGateway;

beforeAll(async () => {
  telemetry = startTelemetry({ service: 'test', version: '0' });
  gateway = await openGateway();
});

afterAll(async () => {
  await gateway.stop();
  await telemetry.stop();
});

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const everyOperation = Object.entries<Operation>(operations);
const pathOf = ({ path }: Operation) => path.replaceAll(/\{\w+\}/g, 'x');
const targets = '/api/v1/projects/default/targets';
const json = (body: string) => ({ method: 'POST', body, headers: { 'content-type': 'application/json' } });

/** What a refusal says, without what differs from request to request. */
async function refusal(response: Response) {
  const { code, status, retryable, detail } = (await response.json()) as Record<string, unknown>;
  return { type: response.headers.get('content-type'), status, code, retryable, detail };
}

describe('the one guard', () => {
  it.each(everyOperation.filter(([, { permission }]) => permission !== 'public'))(
    'lets nobody into %s without a token',
    async (_, operation) => {
      const response = await gateway.send(pathOf(operation), { method: operation.method });
      expect({ challenge: response.headers.get('www-authenticate'), ...(await refusal(response)) }).toMatchObject({
        challenge: 'Bearer',
        type: 'application/problem+json; charset=utf-8',
        status: 401,
        code: 'TokenRefused',
      });
    },
  );

  it('has seven doors without one, each of which proves who is calling in its own way or tells nothing', () => {
    const open = everyOperation.filter(([, { permission }]) => permission === 'public').map(([name]) => name);
    expect(open).toEqual(['enrol', 'renew', 'version', 'live', 'ready', 'openApi', 'hook']);
  });

  it.each([
    ['reader', 'listTargets', 200],
    ['reader', 'syncTargets', 403],
    ['writer', 'listTargets', 200],
    ['writer', 'syncTargets', 422],
    ['writer', 'joinCluster', 403],
    ['admin', 'joinCluster', 422],
    ['reader', 'listEvents', 200],
    ['writer', 'listLedgerLines', 403],
    ['admin', 'listLedgerLines', 200],
    ['writer', 'listTokens', 403],
    ['writer', 'createToken', 403],
    ['writer', 'revokeToken', 403],
    ['admin', 'listTokens', 200],
    ['admin', 'createToken', 422],
    ['tenant', 'listTargets', 403],
    ['tenant', 'listTokens', 200],
    ['tenant', 'listLedgerLines', 403],
  ] as const)('lets a %s go as far as its token goes: %s -> %i', async (as, name, status) => {
    const operation: Operation = operations[name];
    const response = await gateway.send(pathOf(operation), { method: operation.method, as });
    expect(response.status).toBe(status);
  });

  it.each([
    ['a token by itself', 'token-of-a-reader'],
    ['another scheme', 'Basic token-of-a-reader'],
    ['a scheme by itself', 'Bearer '],
    ['a token without end', `Bearer ${'x'.repeat(600)}`],
    ['a word that every object knows', 'Bearer toString'],
  ])('takes no %s', async (_, authorization) => {
    expect((await gateway.send(targets, { headers: { authorization } })).status).toBe(401);
  });
});

describe('AT-28 the browser wall', () => {
  const expected = Object.fromEntries(
    Object.entries(browserHeaders).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const wallOf = ({ headers }: Response) =>
    Object.fromEntries(Object.keys(expected).map((name) => [name, headers.get(name)]));

  it.each([
    ['an answer', '/api/v1/version', {}],
    ['text', '/livez', {}],
    ['a refusal of the guard', targets, {}],
    ['a route that nobody serves', '/nothing', {}],
    ['a body that is not JSON', '/api/v1/enrol', json('{')],
    ['a webhook', '/hooks/x', { method: 'POST', body: 'x' }],
    ['a preflight of another origin', targets, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } }],
  ])('stands around %s', async (_, path, request) => {
    const response = await gateway.send(path, request);
    await response.body?.cancel();
    const told = ['x-powered-by', 'access-control-allow-origin', 'set-cookie'].filter((name) =>
      response.headers.has(name),
    );
    expect({ wall: wallOf(response), told }).toEqual({ wall: expected, told: [] });
  });

  it('stands around a stream', async () => {
    const leaving = new AbortController();
    const response = await gateway.send('/api/v1/projects/default/stream', { as: 'reader', signal: leaving.signal });
    expect({ wall: wallOf(response), type: response.headers.get('content-type') }).toEqual({
      wall: expected,
      type: 'text/event-stream; charset=utf-8',
    });
    leaving.abort();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'takes no %s, which a page of another origin could send by itself',
    async (type) => {
      const before = gateway.asked.length;
      const request = {
        method: 'POST',
        as: 'admin',
        body: '{"application":"a"}',
        headers: { 'content-type': type },
      } as const;
      const response = await gateway.send(`${targets}/sync`, request);
      expect({ ...(await refusal(response)), asked: gateway.asked.length - before }).toEqual({
        type: 'application/problem+json; charset=utf-8',
        status: 422,
        code: 'RequestInvalid',
        retryable: false,
        detail: 'body: must be JSON, sent with `Content-Type: application/json`',
        asked: 0,
      });
    },
  );
});

describe('AT-30 nothing unauthenticated kills the process', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);

  it.each([
    ['half a body', json('{"token":'), { status: 422, code: 'BodyNotJson' }],
    ['a body that is no object', json('"text"'), { status: 422, code: 'BodyNotJson' }],
    ['a body of 200,000 levels', json(deep), { status: 422, code: 'BodyTooDeep' }],
    ['a body of 9 MB', json(`"${'x'.repeat(9_000_000)}"`), { status: 413, code: 'BodyTooLarge' }],
    ['no body', { method: 'POST' }, { status: 422, code: 'RequestInvalid' }],
    [
      'a body that reaches for the prototype',
      json('{"__proto__":{"token":"x"},"constructor":{}}'),
      { status: 422, code: 'RequestInvalid' },
    ],
    ['bytes that are no UTF-8', json('\xff\xfe'), { status: 422, code: 'BodyNotJson' }],
    [
      'a character set that nobody reads',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } },
      { status: 422, code: 'RequestMalformed' },
    ],
    [
      'a compression that nobody undoes',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'snake-oil' } },
      { status: 422, code: 'RequestMalformed' },
    ],
  ])('refuses %s', async (_, request, expected) => {
    const response = await gateway.send('/api/v1/enrol', request);
    expect({ ...(await refusal(response)), errors: gateway.errors }).toMatchObject({
      type: 'application/problem+json; charset=utf-8',
      retryable: false,
      errors: [],
      ...expected,
    });
  });

  it('counts brackets outside of strings only', async () => {
    const token = '[{'.repeat(60) + String.raw`\"[\\`;
    const response = await gateway.send('/api/v1/enrol', json(`{"token":"${token}","userKey":[[["]]]"]]]}`));
    expect((await refusal(response)).code).toBe('RequestInvalid');
  });

  it.each([
    ['/api/v1/projects/%ff/targets', 422, 'RequestMalformed'],
    ['/api/v1/projects/..%2f..%2fetc/targets', 422, 'RequestInvalid'],
    [`/api/v1/projects/${'x'.repeat(64)}/targets`, 422, 'RequestInvalid'],
    [`${targets}?limit=0`, 422, 'RequestInvalid'],
    [`${targets}?limit=1e9`, 422, 'RequestInvalid'],
    [`${targets}?limit=1&limit=2`, 422, 'RequestInvalid'],
    [`${targets}?health=Splendid`, 422, 'RequestInvalid'],
    ['/api/v1/projects/default/clusters?labelSelector=%3D%3D', 422, 'RequestInvalid'],
    ['/api/v1/projects/default/stream?kinds=target,nothing', 422, 'RequestInvalid'],
    ['/api/v1/projects/default/clusters/nobody', 404, 'ClusterMissing'],
    ['/api/v1/nothing', 404, 'RouteUnknown'],
  ])('refuses %s', async (path, status, code) => {
    expect(await refusal(await gateway.send(path, { as: 'reader' }))).toMatchObject({
      type: 'application/problem+json; charset=utf-8',
      status,
      code,
    });
  });

  it.each([
    [
      'an address of 20,000 characters',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      '431',
      'HeadersTooLarge',
    ],
    ['what is not HTTP', 'HELO there\r\n\r\n', '400', 'RequestMalformed'],
    [
      'two lengths',
      'POST /api/v1/enrol HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      '400',
      'RequestMalformed',
    ],
  ])('refuses %s before there is a request', async (_, bytes, status, code) => {
    const answer = await rawAnswer(gateway.url, bytes);
    const [head, body] = answer.split('\r\n\r\n') as [string, string];
    expect({
      status: head.split(' ')[1],
      type: /content-type: (.*)/i.exec(head)?.[1],
      code: (JSON.parse(body) as { code: string }).code,
      wall: Object.keys(browserHeaders).every((name) => head.includes(`${name}: `)),
    }).toEqual({ status, type: 'application/problem+json', code, wall: true });
  });

  it('gives a stranger a bounded number of sockets, for a bounded time', () => {
    expect(gateway.server).toMatchObject(serverBounds);
  });

  it('answers the next request as ever', async () => {
    expect(await (await gateway.send('/livez')).text()).toBe('ok\n');
  });
});

describe('a surprise', () => {
  it('is logged with its trace and told without its content', async () => {
    const broken = await openGateway({ answer: async () => Promise.reject(new Error('the secret is 42')) });
    const response = await broken.send('/hooks/x', { method: 'POST', body: '', headers: { 'x-request-id': 'mine-1' } });
    const body = (await response.json()) as Record<string, unknown>;
    await broken.stop();
    expect({ body, logged: broken.errors }).toEqual({
      body: {
        type: 'https://flotilla.dev/problems/Internal',
        title: 'Something went wrong on our side',
        status: 500,
        detail: 'the log of the gateway has the details, under this trace',
        instance: '/hooks/x',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        code: 'Internal',
        retryable: true,
      },
      logged: [
        {
          error: expect.stringContaining('the secret is 42'),
          url: '/hooks/x',
          requestId: 'mine-1',
          traceId: body.traceId,
        },
      ],
    });
  });

  it('of a database that is away is no surprise: come again', async () => {
    const fault = new Fault({ code: 'unavailable', reason: 'DatabaseAway', message: 'try again in a moment' });
    const fleet = { targets: async () => Promise.reject(fault) };
    const away = await openGateway({ parts: { fleet: fleet as never } });
    const response = await away.send(targets, { as: 'reader' });
    const told = { ...(await refusal(response)), retryAfter: response.headers.get('retry-after') };
    await away.stop();
    expect(told).toMatchObject({ status: 503, code: 'DatabaseAway', detail: fault.message, retryAfter: '2' });
  });
});

describe('every answer names its trace and its request', () => {
  it.each([
    ['an answer', '/api/v1/version', {}],
    ['a refusal of the guard', targets, {}],
    ['a route that nobody serves', '/nothing', {}],
    ['a body that is not JSON', '/api/v1/enrol', json('{')],
    ['a webhook', '/hooks/x', { method: 'POST', body: 'x' }],
  ])("in the caller's trace: %s", async (_, path, request) => {
    const headers = { ...(request as { headers?: object }).headers, traceparent };
    const { headers: told } = await gateway.send(path, { ...request, headers });
    expect({ trace: told.get('traceparent')?.split('-')[1], request: told.get('x-request-id') }).toEqual({
      trace: traceId,
      request: traceId,
    });
  });

  it.each([
    ['deploy-42', 'deploy-42'],
    ['x'.repeat(65), expect.stringMatching(/^[0-9a-f]{32}$/)],
    ['a b', expect.stringMatching(/^[0-9a-f]{32}$/)],
  ])('and the id that its caller gave it, if that is one: %s', async (given, told) => {
    const { headers } = await gateway.send('/livez', { headers: { 'x-request-id': given, traceparent: 'nonsense' } });
    expect(headers.get('x-request-id')).toEqual(told);
  });

  it('is measured by its route, never by the path that somebody made up', async () => {
    await (await gateway.send(`${targets}/made-up`, { as: 'reader' })).text();
    await (await gateway.send('/made-up')).text();
    const measured = [
      ...(await registry.text()).matchAll(/http_request_seconds_count{operation="([^"]*)",status="4xx"}/g),
    ];
    const operationsMeasured = new Set(measured.map(([, operation]) => operation));
    expect([...operationsMeasured].filter((operation) => operation?.includes('made-up'))).toEqual([]);
    expect(operationsMeasured).toContain('unknown');
  });
});

describe('health', () => {
  it.each([
    ['/livez', 200, 'ok\n'],
    ['/readyz', 200, 'ok\n'],
    ['/readyz?verbose', 200, '[+]broker ok\n[+]database ok\nreadyz check passed\n'],
  ])('%s -> %i', async (path, status, text) => {
    const response = await gateway.send(path);
    expect({ status: response.status, text: await response.text() }).toEqual({ status, text });
  });

  it('names what is missing, and not why: that may hold an address or a name', async () => {
    const problem = 'password of postgres@10.0.0.7 refused';
    const checks = async () => [{ name: 'broker' }, { name: 'database', problem }];
    const lame = await openGateway({ parts: { health: { checks, metricsText: async () => '' } } });
    const told = await refusal(await lame.send('/readyz?verbose'));
    await lame.stop();
    expect(told).toMatchObject({ status: 503, code: 'NotReady', detail: 'not ready: database', retryable: true });
  });

  it('gives its metrics to whoever may read', async () => {
    expect((await gateway.send('/metrics')).status).toBe(401);
    expect(await (await gateway.send('/metrics', { as: 'reader' })).text()).toBe('up 1\n');
  });
});

describe('the door for Git hosts', () => {
  const hook = (body: string) =>
    gateway.send('/hooks/abc', { method: 'POST', body, headers: { 'x-hub-signature-256': 'sha256=00' } });

  it('passes on exactly the bytes that came, whatever they call themselves', async () => {
    await hook('{"not json \u00ff');
    expect(gateway.asked.at(-1)).toEqual({
      verb: 'hook',
      request: { repository: 'abc', body: Buffer.from('{"not json \u00ff').toString('base64'), signature: 'sha256=00' },
    });
  });

  it("goes on in the caller's trace, also when its body comes in pieces", async () => {
    let pieces = 0;
    const traces: (string | undefined)[] = [];
    const listening = await openGateway({
      answer: async () => {
        traces.push(currentTraceparent()?.split('-')[1]);
        return { repository: 'shop' };
      },
    });
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        controller.enqueue(Buffer.from('piece'));
        // As long as it takes to get there: the rest is another event of the socket.
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
        if (++pieces === 2) controller.close();
      },
    });
    const request = { method: 'POST', body, duplex: 'half', headers: { traceparent } } as RequestInit;
    await listening.send('/hooks/abc', request);
    await listening.stop();
    expect(traces).toEqual([traceId]);
  });

  it('takes a mebibyte, and refuses more while it is still coming in', async () => {
    const [before, mebibyte] = [gateway.asked.length, 1024 * 1024];
    expect((await hook('x'.repeat(mebibyte))).status).toBe(202);
    expect(await refusal(await hook('x'.repeat(mebibyte + 1)))).toMatchObject({ status: 413, code: 'BodyTooLarge' });
    expect(gateway.asked.length - before).toBe(1);
  });
});

describe('the contract', () => {
  it('is served whole: each of its operations has a handler', async () => {
    const missing: string[] = [];
    for (const [name, operation] of everyOperation) {
      const response = await gateway.send(pathOf(operation), { method: operation.method });
      if ((await response.text()).includes('RouteUnknown')) missing.push(name);
    }
    expect(missing).toEqual([]);
  });

  it('is told as an OpenAPI document, without a token', async () => {
    const { openapi, paths } = (await (await gateway.send('/api/openapi.json')).json()) as {
      openapi: string;
      paths: object;
    };
    expect({ openapi, paths: Object.keys(paths).toSorted() }).toEqual({
      openapi: '3.1.0',
      paths: [...new Set(everyOperation.map(([, { path }]) => path))].toSorted(),
    });
  });
});

function rawAnswer(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}
