import { describe, expect, it } from 'vitest';
import { permits, principalOf, type GrantedPermission } from './principal.ts';

const needs = ['read', 'write', 'admin', undefined] as const;
const permitted = (granted: readonly GrantedPermission[]) =>
  needs.filter((needed) => permits(principalOf('ann', granted), needed));

describe('default deny', () => {
  it.each<[readonly GrantedPermission[], readonly GrantedPermission[]]>([
    [[], []],
    [['read'], ['read']],
    [['write'], ['read', 'write']],
    [['admin'], ['read', 'write', 'admin']],
    [
      ['read', 'admin'],
      ['read', 'write', 'admin'],
    ],
  ])('whoever was granted %j may %j', (granted, expected) => {
    expect(permitted(granted)).toEqual(expected);
  });

  it('a stranger may nothing, and nobody may what no permission was declared for', () => {
    expect(needs.map((needed) => permits(undefined, needed))).toEqual([false, false, false, false]);
    expect(permits(principalOf('root', ['admin']), undefined)).toBe(false);
  });
});
