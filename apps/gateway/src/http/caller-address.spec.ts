import { describe, expect, it } from 'vitest';
import { callerAddress, readProxies } from './caller-address.ts';

const proxies = readProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])!;
const headersOf = (forwarded: string | undefined) => (forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
const from = (remoteAddress: string | undefined, forwarded?: string) =>
  callerAddress({ socket: { remoteAddress }, headers: headersOf(forwarded) }, proxies);

describe('AT-29: who calls', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ['whoever connects, when he is no proxy', '203.0.113.7', undefined, '203.0.113.7'],
    ['whoever connects, whatever he claims', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['whoever connects, even if he claims to be a proxy', '203.0.113.7', '10.0.0.1', '203.0.113.7'],
    ['whom a proxy had it from', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['what the caller wrote himself does not count', '10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['not even a proxy that he names', '10.0.0.1', '10.0.0.9,203.0.113.7', '203.0.113.7'],
    ['through two proxies', '10.0.0.1', '198.51.100.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['a proxy that is trusted alone', '192.0.2.1', '203.0.113.7', '203.0.113.7'],
    ['its neighbour is not', '192.0.2.2', '203.0.113.7', '192.0.2.2'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['proxies all the way', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['IPv6 behind IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['IPv6 as some write it, with a port', 'fd00::1', '[2001:DB8::7]:4711', '2001:db8::7'],
    ['IPv4 with a port', '10.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
    ['a socket that shows IPv4 as IPv6', '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['a zone is not part of who it is', 'fd00::1', 'fe80::1%eth0', 'fe80::1'],
    ['garbage is the proxy itself', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['what stands left of garbage is not reached', '10.0.0.1', '203.0.113.7, <script>, 10.0.0.2', '10.0.0.2'],
    ['empty words are garbage', '10.0.0.1', '203.0.113.7,', '10.0.0.1'],
    ['an obfuscated name', '10.0.0.1', '_hidden', '10.0.0.1'],
    ['a number that is no address', '10.0.0.1', '999.0.0.1', '10.0.0.1'],
    ['nobody, once the socket is gone', undefined, '203.0.113.7', ''],
  ])('%s', (_, remoteAddress, forwarded, caller) => expect(from(remoteAddress, forwarded)).toBe(caller));

  it('is never asked of a header when no proxy is trusted', () => {
    const called = { socket: { remoteAddress: '10.0.0.1' }, headers: { 'x-forwarded-for': '203.0.113.7' } };
    expect(callerAddress(called, readProxies([])!)).toBe('10.0.0.1');
  });
});

describe('trusted proxies', () => {
  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    'proxy.example.org',
    '10.0.0.1/',
    '/8',
    '10.0.0.0/-1',
    '*',
    '0x0a.0.0.1',
  ])('%s is no network', (word) => expect(readProxies(['10.0.0.0/8', word])).toBeUndefined());
});
