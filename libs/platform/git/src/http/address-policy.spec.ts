import { describe, expect, it } from 'vitest';
import { addressPolicy, type PrivateNetworks } from './address-policy.ts';
import { isLoopbackHost } from './remote-url.ts';

const publicAddresses = ['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34', '64:ff9b::5db8:d822'];

const privateAddresses = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '198.18.0.1',
  'fd12:3456::1',
  'fc00::1',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '::10.0.0.1',
];

const forbiddenAddresses = [
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '169.254.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '100.100.100.200',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:FFFF:A9FE:A9FE',
  '::169.254.169.254',
  '::ffff:0:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '2001:0:1::1',
  'not an address',
];

const loopbackAddresses = ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'];

describe('AT-17 an address is judged when it is dialled', () => {
  it.each<[PrivateNetworks, string, string[]]>([
    ['allow', 'git.example.org', [...publicAddresses, ...privateAddresses]],
    ['refuse', 'git.example.org', publicAddresses],
    [
      ['10.0.0.0/16'],
      'git.example.org',
      [...publicAddresses, ...privateAddresses.filter((one) => /10\.|a00/.test(one))],
    ],
    [['fd12:3456::/32'], 'git.example.org', [...publicAddresses, 'fd12:3456::1']],
    ['allow', 'localhost', [...publicAddresses, ...privateAddresses, ...loopbackAddresses]],
    ['refuse', '127.0.0.1', [...publicAddresses, ...loopbackAddresses]],
    ['refuse', '::1', [...publicAddresses, ...loopbackAddresses]],
    ['refuse', 'localhost.', publicAddresses],
    ['allow', 'kubernetes.default.svc', [...publicAddresses, ...privateAddresses]],
  ])('with private networks %s and the host %s', (privateNetworks, hostname, allowed) => {
    const judge = addressPolicy({ privateNetworks, isLoopbackHost });
    const all = [...publicAddresses, ...privateAddresses, ...forbiddenAddresses, ...loopbackAddresses];
    expect(all.filter((address) => isAllowed(() => judge(address, hostname)))).toEqual(allowed);
  });

  it('says which name led where', () => {
    const judge = addressPolicy({ privateNetworks: 'allow', isLoopbackHost });
    expect(() => judge('::ffff:169.254.169.254', 'git.example.org')).toThrow(
      'git.example.org leads to 169.254.169.254, where no Git host can live',
    );
  });
});

function isAllowed(judge: () => void): boolean {
  try {
    judge();
    return true;
  } catch {
    return false;
  }
}
