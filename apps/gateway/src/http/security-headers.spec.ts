import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { json, refusal, targetsPath } from '../testing/requests.ts';
import { browserHeaders } from './security-headers.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(() => gateway.stop());

describe('AT-28 the browser wall', () => {
  const expected = Object.fromEntries(
    Object.entries(browserHeaders).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const wallOf = ({ headers }: Response) =>
    Object.fromEntries(Object.keys(expected).map((name) => [name, headers.get(name)]));

  it.each([
    ['an answer', '/api/v1/version', {}],
    ['text', '/livez', {}],
    ['a refusal of the guard', targetsPath, {}],
    ['a route that nobody serves', '/nothing', {}],
    ['a body that is not JSON', '/api/v1/enrol', json('{')],
    ['a webhook', '/hooks/x', { method: 'POST', body: 'x' }],
    [
      'a preflight of another origin',
      targetsPath,
      { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } },
    ],
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
      const response = await gateway.send(`${targetsPath}/sync`, request);
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
