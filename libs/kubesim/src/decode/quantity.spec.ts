import { describe, expect, it } from 'vitest';
import { normaliseQuantity, quantityNumber } from './quantity.ts';

describe('a quantity', () => {
  // What a real API server answers, before it rounds the amounts of resources to thousandths.
  it.each([
    ['0.5', '500m'],
    ['500m', '500m'],
    ['1000m', '1'],
    ['1.0', '1'],
    ['1.5', '1500m'],
    ['1.500', '1.500'],
    ['1024Mi', '1Gi'],
    ['1536Mi', '1536Mi'],
    ['128Mi', '128Mi'],
    ['0.1Gi', '107374182400m'],
    ['0.5Gi', '512Mi'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['100000k', '100M'],
    ['1e3', '1e3'],
    ['1000e3', '1e6'],
    ['1E', '1E'],
    ['0', '0'],
    ['0m', '0'],
    ['00', '0'],
    ['0.1', '100m'],
    ['0.0001', '100u'],
    ['0.00000000001', '1n'],
    ['-1.5', '-1500m'],
    ['5Ki', '5Ki'],
    ['1Ki', '1Ki'],
    ['512', '512'],
    ['2048', '2048'],
    ['2048Ki', '2Mi'],
    ['1.', '1.'],
    ['.5', '500m'],
  ])('%s is stored as %s', (text, expected) => {
    expect(normaliseQuantity(text)).toEqual({ ok: true, text: expected });
  });

  it.each(['', 'one', '1x', '1 Gi', '1..2', '1KiB'])('refuses %j', (text) => {
    expect(normaliseQuantity(text)).toMatchObject({ ok: false, problem: expect.stringContaining('quantit') });
  });

  it('counts', () => {
    expect(['250m', '1Gi', '2', 'x'].map(quantityNumber)).toEqual([0.25, 1024 ** 3, 2, undefined]);
  });
});
