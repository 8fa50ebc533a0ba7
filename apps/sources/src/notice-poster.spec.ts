import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toFault } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { NoticePoster } from './notice-poster.ts';

interface Taken {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Somebody outside who is told, and answers as a test wants. */
class Receiver {
  readonly taken: Taken[] = [];
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(204).end();
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { url = '', headers } = request;
    this.taken.push({ path: url, headers, body: Buffer.concat(parts).toString('utf8') });
    this.answer(response);
  }
}

let receiver: Receiver;
let origin: string;
const posters: NoticePoster[] = [];
beforeAll(async () => {
  receiver = new Receiver();
  origin = await receiver.open();
});
afterEach(async () => {
  receiver.taken.length = 0;
  await Promise.all(posters.splice(0).map((poster) => poster.stop()));
});
afterAll(() => receiver.close());

type Options = Partial<ConstructorParameters<typeof NoticePoster>[0]>;

/** What becomes of one request: nothing when it was taken. */
async function posted(url: string, options: Options = {}): Promise<unknown> {
  const poster = new NoticePoster({ clock: new VirtualClock(), networks: ['loopback'], timeoutMs: 200, ...options });
  posters.push(poster);
  const post = { url, headers: { 'flotilla-delivery': 'd1' }, body: '{"told":true}' };
  return poster.post(post, new AbortController().signal).catch((error: unknown) => {
    const { reason, consequence, message } = toFault(error);
    return { reason, consequence, message };
  });
}

const answering =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end('no');
const lookupOf =
  (address: string): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(null, [{ address, family: 4 }]);
const unknown: LookupFunction = (_hostname, _options, callback) =>
  callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 0);

describe('a receiver', () => {
  it('is sent exactly this', async () => {
    receiver.answer = answering(204);
    expect(await posted(`${origin}/hooks?team=a`)).toBeUndefined();
    const [{ path, headers, body }] = receiver.taken as [Taken];
    expect([path, headers['flotilla-delivery'], body]).toEqual(['/hooks?team=a', 'd1', '{"told":true}']);
  });

  it('took it when its status says so, however slowly the rest comes', async () => {
    receiver.answer = (response) => void response.writeHead(200).write('slowly …');
    expect(await posted(origin)).toBeUndefined();
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    [
      'refuses it for good: it waits for a person',
      answering(404),
      { reason: 'NotifyRefused', consequence: { kind: 'stall' } },
    ],
    ['breaks: it comes back', answering(503), { reason: 'NotifyUnavailable', consequence: { kind: 'retry' } }],
    [
      'has too much of it: it comes back when that says',
      answering(429, { 'retry-after': '17' }),
      { reason: 'NotifyUnavailable', consequence: { kind: 'retry', afterMs: 17_000 } },
    ],
    [
      'wants to be left alone until a date',
      answering(503, { 'retry-after': 'Thu, 01 Jan 2026 00:02:00 GMT' }),
      { reason: 'NotifyUnavailable', consequence: { kind: 'retry', afterMs: 120_000 } },
    ],
    [
      'wants to be left alone for a year: it comes back within the hour',
      answering(503, { 'retry-after': '31536000' }),
      { reason: 'NotifyUnavailable', consequence: { kind: 'retry', afterMs: 3_600_000 } },
    ],
    [
      'redirects, wherever to: nothing is sent there',
      answering(307, { location: '/other' }),
      { reason: 'NotifyRedirected', consequence: { kind: 'stall' } },
    ],
    ['never answers: it comes back', () => undefined, { reason: 'NotifyUnreachable', consequence: { kind: 'retry' } }],
    [
      'breaks the connection: it comes back',
      (response) => void response.socket?.destroy(),
      { reason: 'NotifyUnreachable', consequence: { kind: 'retry' } },
    ],
  ])('%s', async (_, answer, expected) => {
    receiver.answer = answer;
    expect(await posted(`${origin}/services/secret`)).toMatchObject(expected);
    expect(receiver.taken.length).toBe(1);
  });

  it('is named by its host: the path of its address may be a secret', async () => {
    receiver.answer = answering(404);
    expect(JSON.stringify(await posted(`${origin}/services/secret`))).not.toContain('secret');
  });
});

it.each<[string, string, LookupFunction | undefined, string]>([
  ['this machine', 'https://hook.example.org/', lookupOf('127.0.0.1'), 'NotifyAddressRefused'],
  ['the metadata of a cloud', 'https://hook.example.org/', lookupOf('169.254.169.254'), 'NotifyAddressRefused'],
  ['a private network', 'https://hook.example.org/', lookupOf('10.1.2.3'), 'NotifyAddressRefused'],
  ['this machine by its address', 'http://127.0.0.1:9/', undefined, 'NotifyAddressRefused'],
  ['nowhere', 'https://hook.example.org/', unknown, 'NotifyUnreachable'],
])('AT-17: an address that leads to %s is refused before anything is dialled', async (_, url, lookup, reason) => {
  const refused = await posted(url, { networks: [], ...(lookup && { lookup }) });
  expect(refused).toMatchObject({ reason });
});
