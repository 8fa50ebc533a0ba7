import { describe, expect, it } from 'vitest';
import { readMoment } from './read-moment.ts';

const now = Date.UTC(2026, 0, 31, 12);

describe('a moment', () => {
  it.each([
    ['now', '2026-01-31T12:00:00.000Z'],
    ['2h ago', '2026-01-31T10:00:00.000Z'],
    ['1h30m', '2026-01-31T10:30:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['2026-01-30T10:00', '2026-01-30T10:00:00.000Z'],
    ['2026-01-30T10:00:00.5Z', '2026-01-30T10:00:00.500Z'],
    ['2026-01-30T10:00:00+02:00', '2026-01-30T08:00:00.000Z'],
  ])('%s is %s', (text, iso) => expect(readMoment(text, now)).toBe(iso));

  it.each(['', 'yesterday', '2026', '2026-13-01', '31.1.2026', '2h hence', '99999d ago'])('%j is none', (text) =>
    expect(() => readMoment(text, now)).toThrow('is no moment such as'),
  );
});
