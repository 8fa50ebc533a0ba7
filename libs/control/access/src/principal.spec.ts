import { permissions, type GrantedPermission } from '@flotilla/model';
import { describe, expect, it } from 'vitest';
import { permits, principalOf, reaches } from './principal.ts';

const needs = [...permissions, undefined];
const permitted = (granted: GrantedPermission) =>
  needs.filter((needed) => permits(principalOf('ann', granted), needed));

describe('default deny', () => {
  it.each<[GrantedPermission, readonly GrantedPermission[]]>([
    ['read', ['read']],
    ['approve', ['read', 'approve']],
    ['write', ['read', 'approve', 'write']],
    ['break-glass', ['read', 'approve', 'write', 'break-glass']],
    ['admin', ['read', 'approve', 'write', 'break-glass', 'admin']],
  ])('whoever was granted %s may %j', (granted, expected) => {
    expect(permitted(granted)).toEqual(expected);
  });

  it('a stranger may nothing, and nobody may what no permission was declared for', () => {
    expect(needs.map((needed) => permits(undefined, needed))).toEqual(needs.map(() => false));
    expect(permits(principalOf('root', 'admin'), undefined)).toBe(false);
  });

  it('whoever was let into one project is nowhere else, and not outside of projects either', () => {
    const places = ['shop', 'Shop', 'bank', undefined];
    const reached = (project?: string) =>
      places.filter((place) => reaches(principalOf('ann', 'admin', project), place));
    expect({ all: reached(), one: reached('shop') }).toEqual({ all: places, one: ['shop'] });
  });
});
