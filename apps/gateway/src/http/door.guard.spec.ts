import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { VirtualClock } from '@flotilla/foundation/testing';
import { readProxies } from './caller-address.ts';
import { networkOf } from './door.guard.ts';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await openGateway({ parts: { clock: new VirtualClock() }, answer: async () => enrolled });
});
afterEach(() => gateway.stop());

const enrolled = {};
const body = JSON.stringify({ token: 'a guess', userKey: `U${'A'.repeat(55)}`, kubernetesUid: 'k' });
const knock = (headers: Record<string, string> = {}) =>
  gateway.send(operations.enrol.path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('AT-24: guesses at a door', () => {
  it('are let through as often as one address may, whatever address it claims to have', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        knock({ 'x-forwarded-for': `10.0.0.${index}`, forwarded: `for=${index}` }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect([refused.length, gateway.asked.length]).toEqual([40, 60]);
    expect(await refused[0]!.json()).toMatchObject({ status: 429, code: 'TooManyRequests', retryable: true });
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
  });

  it('AT-29: are counted by caller where a trusted proxy says whose they are, and by no word that the caller adds', async () => {
    await gateway.stop();
    const proxies = readProxies(['127.0.0.0/8', '::1'])!;
    gateway = await openGateway({ parts: { clock: new VirtualClock(), proxies }, answer: async () => enrolled });
    const knocks = ['203.0.113.1', '203.0.113.2'].flatMap((caller) =>
      Array.from({ length: 70 }, (_, index) => knock({ 'x-forwarded-for': `198.51.100.${index}, ${caller}` })),
    );
    const answers = await Promise.all(knocks);
    const refused = [answers.slice(0, 70), answers.slice(70)].map((of) => of.filter(({ status }) => status === 429));
    expect(refused.map(({ length }) => length)).toEqual([10, 10]);
  });

  it('take nothing from the other doors', async () => {
    await Promise.all(Array.from({ length: 100 }, () => knock()));
    expect((await gateway.send(operations.version.path)).status).toBe(200);
  });
});

describe('who counts as one', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:0:0:7::', '2001:db8:0:0'],
    ['2001:db8:0:1::1', '2001:db8:0:1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
  ])('%s', (address, network) => expect(networkOf(address)).toBe(network));
});
