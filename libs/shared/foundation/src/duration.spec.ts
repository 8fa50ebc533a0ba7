import { describe, expect, it } from 'vitest';
import { formatAge, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['1m1ms', 60_001],
    ['0s', 0],
    ['', undefined],
    ['30', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['1 h', undefined],
    ['1h 30m', undefined],
    ['1w', undefined],
    ['1.h', undefined],
    ['1e3s', undefined],
  ])('%s is %s ms', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each([
    [-5_000, '0s'],
    [8_400, '8s'],
    [119_000, '119s'],
    [312_000, '5m12s'],
    [180_000, '3m'],
    [3_600_000, '60m'],
    [11_040_000, '3h4m'],
    [10_800_000, '3h'],
    [86_400_000, '24h'],
    [200_000_000, '2d'],
  ])('%i ms of age read as %s', (ms, text) => expect(formatAge(ms)).toBe(text));
});
