import { expect, it } from 'vitest';
import { clockTime, exactTime, timeOfDay } from './exact-time.ts';

it('an instant is said in the time of the reader, with its zone, and in UTC', () => {
  expect([
    exactTime('2026-03-01T11:22:33.444Z', 'en-GB', 'Europe/Berlin'),
    exactTime('whenever', 'en-GB', 'Europe/Berlin'),
    timeOfDay(Date.UTC(2026, 2, 1, 23, 5, 9), 'en', 'Europe/Berlin'),
    clockTime('2026-03-01T23:05:09Z', 'en', 'Europe/Berlin'),
    clockTime('javascript:alert(1)'),
  ]).toEqual([
    '1 Mar 2026, 12:22:33 CET (2026-03-01 11:22:33 UTC)',
    'at an unknown time',
    '00:05:09',
    '00:05:09',
    'an unknown time',
  ]);
});
