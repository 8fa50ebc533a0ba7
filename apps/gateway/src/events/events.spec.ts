import { afterEach, describe, expect, it, vi } from 'vitest';
import { tokenHash } from '@flotilla/control-access';
import { Channel } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { Change } from './changes.ts';
import type { GatewayParts } from '../gateway.module.ts';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

const path = '/api/v1/projects/default/stream?kinds=count';
let gateway: TestGateway;
afterEach(() => gateway.stop().catch(() => undefined));

function open(counts: GatewayParts['fleet']['counts']) {
  return openGateway({ parts: { fleet: { counts } as GatewayParts['fleet'] } });
}

/** Reads a stream until `enough`, then leaves. */
async function readUntil(response: Response, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (enough(text)) return text;
  }
  return text;
}

it('a stream is text that proxies neither keep nor change, and tells changes as they come', async () => {
  let total = 1;
  const count = { application: 'a', environment: 'e', sync: {}, health: {} };
  gateway = await open(async () => [{ ...count, total }]);
  const response = await gateway.send(path, { as: 'reader' });
  const { headers } = response;
  const text = await readUntil(response, (told) => {
    if (told.includes('BOOKMARK') && total === 1) {
      total = 2;
      gateway.tell({ kind: 'count', project: 'default', ids: new Set(['a/e']) });
    }
    return told.includes('MODIFIED') && told.endsWith('\n\n');
  });
  expect({ cache: headers.get('cache-control'), buffering: headers.get('x-accel-buffering'), text }).toEqual({
    cache: 'no-store',
    buffering: 'no',
    text: [
      ': still here\n\n',
      'event: ADDED\n',
      'data: {"type":"ADDED","kind":"count","object":{"application":"a","environment":"e","sync":{},"health":{},"total":1}}\n\n',
      'event: BOOKMARK\ndata: {"type":"BOOKMARK","kind":"count"}\n\n',
      'event: MODIFIED\n',
      'data: {"type":"MODIFIED","kind":"count","object":{"application":"a","environment":"e","sync":{},"health":{},"total":2}}\n\n',
    ].join(''),
  });
});

it('what goes wrong in the middle of a stream is its last event, told like every other problem', async () => {
  gateway = await open(async () => Promise.reject(new Error('the secret is 42')));
  const response = await gateway.send(path, { as: 'reader' });
  const [, last] = (await response.text()).split('data: ') as [string, string];
  expect({ status: response.status, last: JSON.parse(last), logged: gateway.errors.length }).toEqual({
    status: 200,
    last: { type: 'ERROR', kind: 'count', object: expect.objectContaining({ status: 500, code: 'Internal' }) },
    logged: 1,
  });
});

it('a reader that stays does not keep the gateway from going down', async () => {
  const clock = new VirtualClock();
  const follow = () => new Channel<Change>();
  const parts = { clock, changes: { follow }, fleet: { counts: async () => [] } as unknown as GatewayParts['fleet'] };
  gateway = await openGateway({ parts });
  const response = await gateway.send(path, { as: 'reader' });
  const reading = response.text().catch(() => 'cut');
  let isDown = false;
  const stopping = gateway.stop().then(() => (isDown = true));
  await clock.advance(4_999);
  const before = isDown;
  await clock.advance(1);
  await stopping;
  expect({ before, reading: await reading }).toEqual({ before: false, reading: 'cut' });
});

describe('AT-23: a stream whose token ends', () => {
  const order = { hash: tokenHash('flt_of-ann'), name: 'ann', permission: 'read', request: '1' } as const;
  const by = { kind: 'user', name: 'root' } as const;
  const secondMs = 1_000;

  async function standing(lifeMs?: number) {
    const clock = new VirtualClock();
    const parts = { clock, fleet: { counts: async () => [] } as unknown as GatewayParts['fleet'] };
    gateway = await openGateway({ parts });
    await gateway.tokens.make({ ...order, lifeMs, by });
    const headers = { authorization: 'Bearer flt_of-ann' };
    const [own, other] = [await gateway.send(path, { headers }), await gateway.send(path, { as: 'reader' })];
    const ended: string[] = [];
    void own.text().then(() => ended.push('own'));
    void other.text().then(() => ended.push('other'));
    const enter = async () => (await gateway.send(path, { headers })).status;
    return { clock, ended, enter };
  }

  it.each<[string, number | undefined]>([
    ['by a person', undefined],
    ['by its time', 60 * secondMs],
  ])('%s ends with it, and no other does', async (_, lifeMs) => {
    const { clock, ended, enter } = await standing(lifeMs);
    await clock.advance(59 * secondMs);
    const before = [...ended];
    if (lifeMs === undefined) await gateway.tokens.revoke({ token: 'ann', by });
    await clock.advance(5 * secondMs);
    await vi.waitFor(() => expect(ended).not.toEqual([]));
    expect({ before, ended, again: await enter() }).toEqual({ before: [], ended: ['own'], again: 401 });
  });

  it('stands while nobody can be asked whether it may', async () => {
    const { clock, ended } = await standing();
    const { good } = gateway.tokens;
    gateway.tokens.good = () => Promise.reject(new Error('no database'));
    await gateway.tokens.revoke({ token: 'ann', by });
    await clock.advance(60 * secondMs);
    const meanwhile = [...ended];
    gateway.tokens.good = good;
    await clock.advance(5 * secondMs);
    await vi.waitFor(() => expect(ended).toEqual(['own']));
    expect(meanwhile).toEqual([]);
  });
});
