import { expect, it } from 'vitest';
import { ageText } from './age.tsx';

const now = Date.UTC(2026, 0, 1, 12);
const rows: readonly [at: string, text: string][] = [
  ['2026-01-01T11:54:48.000Z', '5m12s ago'],
  ['2026-01-01T12:00:00.000Z', '0s ago'],
  ['2026-01-01T12:00:09.000Z', '0s ago'],
  ['2025-12-28T12:00:00.000Z', '4d ago'],
  ['javascript:alert(1)', 'unknown'],
];

it.each(rows)('%s was %s', (at, text) => expect(ageText(at, now)).toBe(text));
