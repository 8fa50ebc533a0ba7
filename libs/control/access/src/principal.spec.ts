import { describe, expect, it } from 'vitest';
import { permits, principalOf, type GrantedPermission } from './principal.ts';

const needs = ['read', 'approve', 'write', 'break-glass', 'admin', undefined] as const;
const permitted = (granted: readonly GrantedPermission[]) =>
  needs.filter((needed) => permits(principalOf('ann', granted), needed));

describe('default deny', () => {
  it.each<[readonly GrantedPermission[], readonly GrantedPermission[]]>([
    [[], []],
    [['read'], ['read']],
    [['approve'], ['read', 'approve']],
    [['write'], ['read', 'approve', 'write']],
    [['break-glass'], ['read', 'approve', 'write', 'break-glass']],
    [['admin'], ['read', 'approve', 'write', 'break-glass', 'admin']],
    [
      ['read', 'admin'],
      ['read', 'approve', 'write', 'break-glass', 'admin'],
    ],
  ])('whoever was granted %j may %j', (granted, expected) => {
    expect(permitted(granted)).toEqual(expected);
  });

  it('a stranger may nothing, and nobody may what no permission was declared for', () => {
    expect(needs.map((needed) => permits(undefined, needed))).toEqual(needs.map(() => false));
    expect(permits(principalOf('root', ['admin']), undefined)).toBe(false);
  });
});
