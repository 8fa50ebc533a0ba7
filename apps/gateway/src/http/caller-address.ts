import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Whose word about an address is believed: networks of proxies that stand in front. */
export type TrustedProxies = Pick<BlockList, 'check'>;

/** The least a request has to be for us to know who sent it. */
export interface Called {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
  readonly headers: IncomingMessage['headers'];
}

const network = /^([\d.]{7,15}|[\da-f:.]{2,45})\/(\d{1,3})$/i;

/** Reads networks such as `10.0.0.0/8` or `fd00::/8`, or single addresses; `undefined` when one of them is none. */
export function readProxies(words: readonly string[]): TrustedProxies | undefined {
  const proxies = new BlockList();
  for (const word of words) if (!enter(proxies, word)) return undefined;
  return proxies;
}

/** How many bits an address of this family has. */
const bitsOf = { ipv4: 32, ipv6: 128 } as const;

function enter(proxies: BlockList, word: string): boolean {
  const [, address = word, bits] = network.exec(word) ?? [];
  const family = familyOf(address);
  if (!family) return false;
  const length = bits === undefined ? bitsOf[family] : Number(bits);
  if (length > bitsOf[family]) return false;
  proxies.addSubnet(address, length, family);
  return true;
}

/**
 * The address of whoever sent a request. It is that of the connection, unless that is a trusted proxy: then each proxy has
 * written down, at the right end of `X-Forwarded-For`, whom it had it from, and the first of these that is no trusted proxy
 * counts. What stands further to the left anybody may have written. Where the header ends, or says what is no address, the
 * last proxy itself is the caller.
 */
export function callerAddress({ socket, headers }: Called, proxies: TrustedProxies): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  let caller = plain(socket.remoteAddress ?? '');
  while (isTrusted(caller, proxies)) {
    const before = addressIn(forwarded.pop() ?? '');
    if (before === undefined) return caller;
    caller = before;
  }
  return caller;
}

function isTrusted(address: string, proxies: TrustedProxies): boolean {
  const family = familyOf(address);
  return family !== undefined && proxies.check(address, family);
}

/** `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`: proxies write all of these. */
function addressIn(word: string): string | undefined {
  const text = word.trim();
  const address = /^\[([^\]]*)\](:\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return isIP(address) ? plain(address) : undefined;
}

/** One address in one spelling: IPv4 as such, also when a socket for both shows it as IPv6; no zone. */
function plain(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(bare)?.[1];
  return mapped && isIP(mapped) === 4 ? mapped : bare;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return ({ 0: undefined, 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address) as 0 | 4 | 6];
}
