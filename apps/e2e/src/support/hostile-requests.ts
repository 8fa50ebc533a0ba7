import { gzipSync } from 'node:zlib';
import { operations, type Operation } from '@flotilla/contracts';
import type { Random } from '@flotilla/foundation';
import { hostileBytes } from '@flotilla/foundation/testing';

/** What a stranger sends to a port, and whether he goes away before there can be an answer. */
export interface HostileRequest {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

const paths = [
  ...Object.values<Operation>(operations)
    .filter(({ stream }) => !stream)
    .map(({ path }) => path.replaceAll(/\{\w+\}/g, 'default')),
  '/',
  '/metrics',
  '/readyz?verbose',
  '/assets/../../etc/passwd',
  '//livez',
  '/%00',
  '/%ff%fe',
  '*',
  'http://elsewhere/livez',
  '/hooks/__proto__',
  `/${'x'.repeat(9_000)}`,
];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'BREW', '\0'];
const versions = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP', ''];
const headers = [
  'Host: a',
  'Authorization: Bearer __proto__',
  `Authorization: Bearer ${'x'.repeat(5_000)}`,
  'Content-Type: application/json',
  'Content-Type: application/json; charset=klingon',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Content-Length: 7',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-Length: 5, 5',
  'Expect: 100-continue',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Cookie: __proto__=1',
  'traceparent: 00-nonsense',
  'X-Request-Id: \u001b[2J',
  'Idempotency-Key: \u0000',
  'If-None-Match: "*"',
  'Range: bytes=0-,0-,0-',
  ' folded: header',
  'no colon',
  'X-Long: ' + 'y'.repeat(15_000),
  '__proto__: 1',
];
const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
const smallBytesMax = 20_000;
/** Large ones say nothing more at a door, and take the time of a thousand small ones. */
const bodies: readonly Uint8Array[] = [
  ...Object.values(hostileBytes).filter(({ length }) => length <= smallBytesMax),
  bomb,
  Buffer.from('5\r\nhello\r\n'),
  Buffer.from('ffffffffffffffff\r\n'),
  Buffer.from('0\r\n\r\n'),
  Buffer.from('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'),
];

/** One request that no honest client would send, or that some might; the same for the same random numbers. */
export function hostileRequest(random: Random): HostileRequest {
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)]!;
  const some = Array.from({ length: Math.floor(random.next() * 5) }, () => one(headers));
  const body = random.next() < 0.5 ? one(bodies) : new Uint8Array();
  const length = random.next() < 0.5 ? [`Content-Length: ${body.length}`] : [];
  const head = [`${one(methods)} ${one(paths)} ${one(versions)}`, 'Host: a', ...length, ...some, '', ''].join('\r\n');
  const whole = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  const isHalf = random.next() < 0.1;
  const bytes = isHalf ? whole.subarray(0, Math.floor(random.next() * whole.length)) : spoiled(whole, random);
  return { bytes, isCut: random.next() < 0.3 };
}

/** Now and then some bytes are others. */
function spoiled(bytes: Buffer, random: Random): Buffer {
  if (random.next() < 0.8) return bytes;
  const copy = Buffer.from(bytes);
  for (let count = 0; count < 5; count++)
    copy[Math.floor(random.next() * copy.length)] = Math.floor(random.next() * 256);
  return copy;
}
