import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import { openGateway, type TestGateway, type tokens } from '../testing/open-gateway.ts';

const path = '/api/v1/projects/default/targets/sync';
let gateway: TestGateway;
let answers: (() => Promise<unknown>)[];

/** Plays the other services: one answer after another, each with a number of its own. */
beforeEach(async () => {
  let count = 0;
  answers = [];
  gateway = await openGateway({
    answer: async () => (answers.shift() ?? (async () => ({ targets: [{ uid: `u${++count}`, name: 'n' }] })))(),
  });
});
afterEach(() => gateway.stop());

interface Sent {
  readonly key?: string;
  readonly body?: object;
  readonly as?: keyof typeof tokens;
  readonly to?: string;
}

async function send({ key = 'k', body = { application: 'a' }, as = 'writer', to = path }: Sent = {}) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const response = await gateway.send(to, { method: 'POST', as, headers, body: JSON.stringify(body) });
  const { code, targets } = (await response.json()) as { code?: string; targets?: { uid: string }[] };
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  return { status: response.status, replayed, told: code ?? targets?.[0]?.uid };
}

const first = { status: 202, replayed: false, told: 'u1' };

describe('an Idempotency-Key', () => {
  it('gives the first answer again, status and all, without a second effect', async () => {
    const answered = [await send(), await send(), await send({ body: { application: 'a' } })];
    const again = { ...first, replayed: true };
    expect({ answered, asked: gateway.asked.length }).toEqual({ answered: [first, again, again], asked: 1 });
  });

  it.each<[string, Sent]>([
    ['another body', { body: { application: 'b' } }],
    ['another route', { to: '/api/v1/projects/default/targets/resume' }],
    ['another project', { to: '/api/v1/projects/other/targets/sync' }],
  ])('stands for one request: with %s it is refused', async (_, other) => {
    await send();
    expect(await send(other)).toEqual({ status: 422, replayed: false, told: 'IdempotencyKeyReused' });
  });

  it('of another principal is another key', async () => {
    expect([await send(), await send({ as: 'twin' })]).toEqual([first, { ...first, told: 'u2' }]);
  });

  it('is refused while its request is under way, and answers when that is done', async () => {
    const slow = Promise.withResolvers<unknown>();
    answers.push(() => slow.promise);
    const sent = send();
    while (gateway.asked.length === 0) await new Promise(setImmediate);
    const meanwhile = await send();
    slow.resolve({ targets: [{ uid: 'slow', name: 'n' }] });
    expect([meanwhile, await sent, await send()]).toEqual([
      { status: 409, replayed: false, told: 'RequestInFlight' },
      { ...first, told: 'slow' },
      { ...first, told: 'slow', replayed: true },
    ]);
  });

  it.each([
    ['a fault', new Fault({ code: 'unavailable', reason: 'ServiceAway', message: 'x' }), 503, 'ServiceAway'],
    ['a surprise', new Error('x'), 500, 'Internal'],
  ])('is free again after %s', async (_, error, status, told) => {
    answers.push(() => Promise.reject(error));
    expect([await send(), await send()]).toEqual([{ status, replayed: false, told }, first]);
  });

  it('tells whoever carries the request out that its repeats are one, also when nobody heard the first answer', async () => {
    answers.push(() => Promise.reject(new Fault({ code: 'unavailable', reason: 'ServiceAway', message: 'x' })));
    await send();
    await send();
    await send({ key: 'another' });
    const headers = { 'content-type': 'application/json' };
    for (const _ of ['one', 'two'])
      await gateway.send(path, { method: 'POST', as: 'writer', headers, body: '{"application":"a"}' });
    const requests = gateway.asked.map(({ request }) => (request as { by: { request: string } }).by.request);
    expect([requests.length, requests[0] === requests[1], new Set(requests).size]).toEqual([5, true, 4]);
  });

  it('of an answer that cannot be kept is told what was done, once, and is not free for a second effect', async () => {
    gateway.idempotency.isFull = true;
    const answered = [await send(), await send()];
    expect({ answered, asked: gateway.asked.length }).toEqual({
      answered: [first, { status: 409, replayed: false, told: 'RequestInFlight' }],
      asked: 1,
    });
  });

  it('is free again after a request that was refused for what it said', async () => {
    expect([await send({ body: {} }), await send()]).toEqual([
      { status: 422, replayed: false, told: 'RequestInvalid' },
      first,
    ]);
  });

  it('leaves nothing of an answer in the table for others to read', async () => {
    await send({ as: 'admin' });
    expect(gateway.idempotency.dump()).not.toContain('targets');
  });

  it.each(['x'.repeat(256), 'two words', 'umlaut-\u00fc'])('is 1 to 255 visible characters: not %s', async (key) => {
    expect(await send({ key })).toEqual({ status: 422, replayed: false, told: 'IdempotencyKeyInvalid' });
  });
});
