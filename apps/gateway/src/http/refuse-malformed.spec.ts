import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { json, refusal, targetsPath } from '../testing/requests.ts';
import { serverBounds } from './bound-server.ts';
import { browserHeaders } from './security-headers.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(() => gateway.stop());

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
    [`${targetsPath}?limit=0`, 422, 'RequestInvalid'],
    [`${targetsPath}?limit=1e9`, 422, 'RequestInvalid'],
    [`${targetsPath}?limit=1&limit=2`, 422, 'RequestInvalid'],
    [`${targetsPath}?health=Splendid`, 422, 'RequestInvalid'],
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

function rawAnswer(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}
