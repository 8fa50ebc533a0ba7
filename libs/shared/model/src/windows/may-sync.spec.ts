import { describe, expect, it } from 'vitest';
import { maySync, nextChange } from './may-sync.ts';
import { parseWindow, type SyncWindow, type WrittenWindow } from './sync-window.ts';

function windows(...written: readonly WrittenWindow[]): SyncWindow[] {
  return written.map((each) => {
    const parsed = parseWindow(each);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.value;
  });
}

const weekend = { kind: 'deny', schedule: '0 17 * * 5', duration: '63h', timeZone: 'Europe/Berlin' };
const night = { kind: 'allow', schedule: '0 22 * * *', duration: '2h' };

function said(written: readonly WrittenWindow[], now: string, more: { manual?: boolean; startedAt?: string } = {}) {
  const { manual = false, startedAt } = more;
  const question = { now: Date.parse(now), manual, ...(startedAt && { startedAt: Date.parse(startedAt) }) };
  const next = nextChange(windows(...written), question);
  return [maySync(windows(...written), question), next && new Date(next).toISOString().slice(0, 16)];
}

type Row = readonly [
  what: string,
  written: readonly WrittenWindow[],
  now: string,
  expected: readonly [boolean, string | undefined],
];

describe('maySync, and when its answer changes', () => {
  it.each<Row>([
    ['no window', [], '2026-11-27T12:00Z', [true, undefined]],
    ['before a weekend', [weekend], '2026-11-27T15:59:59Z', [true, '2026-11-27T16:00']],
    ['the first moment of a weekend', [weekend], '2026-11-27T16:00Z', [false, '2026-11-30T07:00']],
    ['the last moment of a weekend', [weekend], '2026-11-30T06:59:59.999Z', [false, '2026-11-30T07:00']],
    ['the first moment after it', [weekend], '2026-11-30T07:00Z', [true, '2026-12-04T16:00']],
    // 63 hours stay 63 hours when a night has an hour more.
    ['a weekend in which clocks go back', [weekend], '2026-10-24T12:00Z', [false, '2026-10-26T06:00']],
    // The way from a Sunday to the next midnight is an hour shorter on this one.
    [
      'before a night in which clocks went forward',
      [{ ...night, schedule: '30 0 * * 1', timeZone: 'Europe/Berlin' }],
      '2026-03-29T00:00Z',
      [false, '2026-03-29T22:30'],
    ],
    ['outside the allowed night', [night], '2026-11-27T12:00Z', [false, '2026-11-27T22:00']],
    ['in the allowed night', [night], '2026-11-27T23:00Z', [true, '2026-11-28T00:00']],
    ['both, the weekend first', [night, weekend], '2026-11-27T22:30Z', [false, '2026-11-30T22:00']],
    ['always', [{ ...night, schedule: '* * * * *' }], '2026-11-27T12:00Z', [true, undefined]],
    [
      'every minute of some days',
      [{ ...night, schedule: '* * * * 1-5' }],
      '2026-11-27T12:00Z',
      [true, '2026-11-28T01:59'],
    ],
    ['a leap day', [{ ...night, schedule: '0 0 29 2 *' }], '2026-11-27T12:00Z', [false, '2028-02-29T00:00']],
    ['a day that never comes', [{ ...night, schedule: '0 0 30 2 *' }], '2026-11-27T12:00Z', [false, undefined]],
  ])('%s', (_, ...[written, now, expected]) => {
    expect(said(written, now)).toEqual(expected);
  });

  it('lets a person pass where every window in the way says so', () => {
    const open = { ...weekend, manualSync: true };
    const saturday = '2026-11-28T12:00Z';
    expect([
      said([open], saturday, { manual: true })[0],
      said([open, weekend], saturday, { manual: true })[0],
      said([open], saturday)[0],
      said([{ ...night, manualSync: true }], saturday, { manual: true })[0],
    ]).toEqual([true, false, false, true]);
  });

  it('lets what runs run on where every window in the way says so, and only what was allowed to begin', () => {
    const patient = { ...weekend, syncOverrun: true };
    const [before, saturday] = ['2026-11-27T15:00Z', '2026-11-28T12:00Z'];
    expect([
      said([patient], saturday, { startedAt: before })[0],
      said([patient, weekend], saturday, { startedAt: before })[0],
      said([patient], saturday, { startedAt: '2026-11-27T17:00Z' })[0],
      said([{ ...night, syncOverrun: true }], saturday, { startedAt: '2026-11-27T23:00Z' })[0],
      said([night], saturday, { startedAt: '2026-11-27T23:00Z' })[0],
    ]).toEqual([true, false, false, true, false]);
  });

  it('is soon found out, whatever a person writes', () => {
    let looks = 0;
    const counted = (window: SyncWindow): SyncWindow => {
      const zone = { offsetMs: () => ++looks && 0 };
      return { ...window, starts: { ...window.starts, zone } };
    };
    const closed = { kind: 'deny', schedule: '0 0 1 2 *', duration: '8784h' };
    const never = { kind: 'allow', schedule: '0 0 30 2 *', duration: '1h' };
    const always = { kind: 'deny', schedule: '* * * * *', duration: '1h' };
    const question = { now: Date.parse('2026-03-01T00:00:00Z'), manual: false };
    for (const written of [[closed], [always, ...Array.from({ length: 19 }, () => never)]]) {
      expect(nextChange(windows(...written).map(counted), question)).toBeUndefined();
    }
    expect(looks).toBeLessThan(500_000);
  });
});
