import { describe, expect, it } from 'vitest';
import { gatewaySettings } from './settings.ts';

const { TRUSTED_PROXIES: proxies } = gatewaySettings.shape;

describe('AT-29: trusted proxies', () => {
  it('are none unless somebody names them', () => {
    expect(proxies.parse(undefined).check('127.0.0.1', 'ipv4')).toBe(false);
  });

  it('are networks and addresses, separated by commas', () => {
    const named = proxies.parse('10.0.0.0/8,fd00::/8,192.0.2.1');
    const asked = [
      ['10.1.2.3', 'ipv4'],
      ['fd00::7', 'ipv6'],
      ['192.0.2.1', 'ipv4'],
      ['192.0.2.2', 'ipv4'],
    ] as const;
    expect(asked.map(([address, family]) => named.check(address, family))).toEqual([true, true, true, false]);
  });

  it.each(['all', '10.0.0.0/8 fd00::/8', '10.0.0.0/64', 'true'])('%s stops the gateway from starting', (text) => {
    expect(proxies.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
      'must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas',
    ]);
  });
});
