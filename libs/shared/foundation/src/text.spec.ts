import { describe, expect, it } from 'vitest';
import { nearest, shortened } from './text.ts';

describe('text', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['', 3, ''],
  ])('%j cut to %i is %j', (text, most, expected) => expect(shortened(text, most)).toBe(expected));

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
