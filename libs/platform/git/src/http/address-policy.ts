import { BlockList, isIP } from 'node:net';
import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';

/**
 * What to do with addresses of private networks: `allow` (Git hosts often live there), `refuse`, or allow only the
 * listed ranges, such as `10.20.0.0/16`.
 */
export type PrivateNetworks = 'allow' | 'refuse' | readonly string[];

/** Judges an address at the moment of dialling, after names were resolved: a name is only a promise. */
export type AddressPolicy = (address: string, hostname: string) => void;

/** Nobody's Git host: this network, link-local with its metadata services, multicast, reserved, documentation. */
const never = ranges([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '224.0.0.0/3',
  '100.100.100.200/32',
  '::/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
  // Translation inside one site: it leads to addresses that cannot be seen from here.
  '64:ff9b:1::/48',
  // Teredo, which hides two addresses in one.
  '2001::/32',
]);

const loopback = ranges(['127.0.0.0/8', '::1/128']);
const privateRanges = ranges([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
  'fc00::/7',
]);

/** The policy for these settings: an address that may not be dialled is a fault that says why. */
export function addressPolicy(options: {
  readonly privateNetworks: PrivateNetworks;
  readonly isLoopbackHost: (hostname: string) => boolean;
}): AddressPolicy {
  const { privateNetworks } = options;
  const listed = typeof privateNetworks === 'string' ? undefined : ranges(privateNetworks);
  return (address, hostname) => {
    const plain = withoutTunnel(address);
    if (isIn(never, plain)) throw refused(hostname, plain, 'no Git host can live');
    if (isIn(loopback, plain)) {
      if (!options.isLoopbackHost(hostname)) throw refused(hostname, plain, 'only this machine itself lives');
    } else if (isIn(privateRanges, plain) && !(privateNetworks === 'allow' || (listed && isIn(listed, plain)))) {
      throw refused(hostname, plain, 'a private network lives that was not allowed');
    }
  };
}

/** The IPv4 address that an IPv6 address carries inside: mapped, compatible, NAT64 or 6to4. Else the address itself. */
function withoutTunnel(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  const leading = groups.slice(0, 6).join(':');
  const carriesAtEnd = ['0:0:0:0:0:ffff', '0:0:0:0:0:0', '64:ff9b:0:0:0:0', '0:0:0:0:ffff:0'].includes(leading);
  // The loopback and the unspecified address look like IPv4-compatible ones, and are judged as what they are.
  if (carriesAtEnd && !(leading === '0:0:0:0:0:0' && groups[6] === '0')) return ipv4Of(groups[6]!, groups[7]!);
  return groups[0] === '2002' ? ipv4Of(groups[1]!, groups[2]!) : bare;
}

/** The eight groups of an IPv6 address, without leading zeros, in lower case. */
function groupsOf(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
}

function ipv4Of(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 0xff, b >> 8, b & 0xff].join('.');
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  // What cannot be read as an address cannot be judged, so it is in every list that forbids.
  return family === 0 ? list === never : list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function ranges(list: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const range of list) {
    const [network = '', prefix = ''] = range.split('/');
    blocks.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return blocks;
}

function refused(hostname: string, address: string, why: string) {
  return gitFault('GitAddressRefused', {
    message: `${printable(hostname)} leads to ${address}, where ${why}; use the host's real address, or allow its range`,
    subject: hostname,
  });
}
