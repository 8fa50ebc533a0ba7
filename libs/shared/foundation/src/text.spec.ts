import { describe, expect, it } from 'vitest';
import { counted, matchesGlob, nearest, shortened } from './text.ts';

describe('text', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['', 3, ''],
  ])('%j cut to %i is %j', (text, most, expected) => expect(shortened(text, most)).toBe(expected));

  it.each([
    [0, '0 targets'],
    [1, '1 target'],
    [12_345, '12,345 targets'],
  ])('%i of them are said as %s', (number, expected) => expect(counted(number, 'target')).toBe(expected));

  it.each([
    ['shop', 'shop', true],
    ['shop', 'sho', false],
    ['shop', 'sh?p', true],
    ['shop', 'shop?', false],
    ['shop-dev-eu', 'shop-*-eu', true],
    ['shop-dev-us', 'shop-*-eu', false],
    ['abcabd', '*ab?', true],
    ['abcabd', '*abe*', false],
    ['', '*', true],
    ['', '', true],
    ['a', '', false],
    ['a'.repeat(5_000), `${'*a'.repeat(100)}*b`, false],
  ])('%j is meant by the glob %j: %s', (text, glob, expected) => expect(matchesGlob(text, glob)).toBe(expected));

  it.each([
    ['aplications', 'applications'],
    ['CLUSTER', 'clusters'],
    ['target', 'targets'],
    ['pdos', 'pods'],
    ['banana', undefined],
    ['', undefined],
  ])('%j was probably meant as %j', (given, expected) =>
    expect(nearest(given, ['applications', 'clusters', 'pods', 'targets'])).toBe(expected),
  );
});
