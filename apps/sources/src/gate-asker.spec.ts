import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toFault } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { GateAsker } from './gate-asker.ts';

/** Somebody outside who is asked, and answers as a test wants. */
let answer: (response: ServerResponse) => void;
let asked = 0;
const server: Server = createServer((_request, response) => {
  asked++;
  answer(response);
});
let origin: string;
const askers: GateAsker[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  asked = 0;
  await Promise.all(askers.splice(0).map((asker) => asker.stop()));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Options = Partial<ConstructorParameters<typeof GateAsker>[0]>;

/** What is heard from them, or the fault that it ends in. */
async function heard(url: string, options: Options = {}): Promise<unknown> {
  const asker = new GateAsker({ clock: new VirtualClock(), networks: ['loopback'], timeoutMs: 200, ...options });
  askers.push(asker);
  return asker.ask({ url, headers: {}, body: '{}' }, new AbortController().signal).catch((error: unknown) => {
    const { reason, message } = toFault(error);
    return { reason, message };
  });
}

describe('whoever is asked', () => {
  it('is heard to the end', async () => {
    answer = (response) => {
      response.writeHead(200).write('{"answer":');
      response.end('"allow"}');
    };
    expect(await heard(origin)).toBe('{"answer":"allow"}');
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['never answers', () => undefined, 'NotifyUnreachable'],
    ['begins and never ends', (response) => void response.writeHead(200).write('{"answer":'), 'NotifyUnreachable'],
    ['says more than anybody wants to know', (response) => void response.end('x'.repeat(20_000)), 'GateAnswerTooLong'],
    ['breaks', (response) => void response.writeHead(500).end('{"answer":"allow"}'), 'NotifyUnavailable'],
    ['is not there', (response) => void response.writeHead(404).end('{"answer":"allow"}'), 'NotifyRefused'],
    [
      'sends us elsewhere, where nobody goes',
      (response) => void response.writeHead(302, { location: '/other' }).end(),
      'NotifyRedirected',
    ],
    [
      'lies about how long it is',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{}', () => response.socket?.destroy());
      },
      'NotifyUnreachable',
    ],
  ])('and %s has said nothing', async (_, answering, reason) => {
    answer = answering;
    expect([await heard(origin), asked]).toEqual([expect.objectContaining({ reason }), 1]);
  });

  it('and never stops is not listened to for longer than anybody', async () => {
    answer = (response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await heard(origin)).toMatchObject({ reason: 'NotifyUnreachable' });
  });
});

const lookupOf =
  (address: string): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(null, [{ address, family: 4 }]);

it.each([
  ['this machine', '127.0.0.1'],
  ['the metadata of a cloud', '169.254.169.254'],
  ['a private network', '10.1.2.3'],
])('AT-17: a gate that leads to %s is refused before anything is dialled', async (_, address) => {
  const refused = await heard('https://gate.example.org/', { networks: [], lookup: lookupOf(address) });
  expect(refused).toMatchObject({ reason: 'NotifyAddressRefused' });
});
