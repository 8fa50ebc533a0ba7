import { describe, expect, it } from 'vitest';
import { commitSchema, nameSchema, shortCommit } from './names.ts';
import { countSchema, timeSchema } from './numbers.ts';

const long = 'a'.repeat(63);

describe('a name', () => {
  it.each(['a', '0', 'shop', 'shop-1', long])('may be %s', (name) => expect(nameSchema.parse(name)).toBe(name));

  it.each([
    '',
    'Shop',
    '-a',
    'a-',
    'a_b',
    'a.b',
    'a b',
    `${long}a`,
    '*',
    '>',
    'a/b',
    '..',
    'shop\n',
    '\nshop',
    'ѕhop',
    'ｓhop',
    'sh\u0000op',
  ])('is never %j', (name) => expect(nameSchema.safeParse(name).success).toBe(false));
});

describe('a commit', () => {
  const id = '0123456789abcdef0123456789abcdef01234567';

  it.each([
    [id, true],
    ['f'.repeat(64), true],
    [id.slice(1), false],
    [`${id}0`, false],
    [id.toUpperCase(), false],
    ['main', false],
    [`${id}\n`, false],
  ])('%j: %s', (text, expected) => expect(commitSchema.safeParse(text).success).toBe(expected));

  it('is short for people', () => expect(shortCommit(id)).toBe('01234567'));
});

describe('what agents count and stamp', () => {
  it.each([
    [0, true],
    [2_147_483_647, true],
    [2_147_483_648, false],
    [-1, false],
    [1.5, false],
    ['1', false],
  ])('%j is a count: %s', (value, expected) => expect(countSchema.safeParse(value).success).toBe(expected));

  it.each([
    ['2026-01-01T00:00:00.000Z', true],
    ['2026-01-01T00:00:00Z', true],
    ['9999-12-31T23:59:59Z', true],
    ['0000-01-01T00:00:00Z', false],
    ['2026-02-30T00:00:00Z', false],
    ['2026-01-01', false],
    ['yesterday', false],
    ['infinity', false],
    ['', false],
    [`2026-01-01T00:00:00.${'0'.repeat(40)}Z`, false],
  ])('%j is a moment: %s', (text, expected) => expect(timeSchema.safeParse(text).success).toBe(expected));
});
