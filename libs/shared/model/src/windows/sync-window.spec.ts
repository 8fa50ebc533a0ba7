import { describe, expect, it } from 'vitest';
import { isOpen, parseWindow } from './sync-window.ts';
import { concerns } from './window-scope.ts';

const window = { kind: 'allow', schedule: '0 3 * * *', duration: '30m' };

describe('parseWindow', () => {
  it.each([
    [{ kind: 'block' }, 'a window is `allow` or `deny`, not `block`'],
    [{ schedule: '* * *' }, '`* * *` must have five fields: minute hour day month weekday'],
    [{ schedule: '@daily' }, '`@daily` must have five fields: minute hour day month weekday'],
    [{ schedule: '0 0 * * 7' }, '`7` is no day of week: 0 to 6'],
    [{ schedule: '60 0 * * *' }, '`60` is no minute: 0 to 59'],
    [{ schedule: '0 0 0 * *' }, '`0` is no day of month: 1 to 31'],
    [{ schedule: '0 5-2 * * *' }, '`5-2` is no hour: 0 to 23'],
    [{ schedule: '*/0 0 * * *' }, '`*/0` is no minute: 0 to 59'],
    [{ schedule: '1/2/3 0 * * *' }, '`1/2/3` is no minute: 0 to 59'],
    [{ schedule: ', 0 * * *' }, '`` is no minute: 0 to 59'],
    [{ duration: '1000days' }, '`1000days` is no duration such as 90m, 63h or 1h30m'],
    [{ duration: '0h' }, '`0h` is no duration such as 90m, 63h or 1h30m'],
    [{ duration: '-1h' }, '`-1h` is no duration such as 90m, 63h or 1h30m'],
    [{ duration: '9000h' }, 'a window of `9000h` is longer than a year'],
    [{ timeZone: 'Europe/Atlantis' }, '`Europe/Atlantis` is no time zone such as Europe/Berlin'],
  ])('refuses %j', (wrong, reason) => {
    expect(parseWindow({ ...window, ...wrong })).toEqual({ ok: false, reason });
  });

  it.each([
    ['0 3 * * *', '2026-06-01T03:29Z', true],
    ['0 3 * * *', '2026-06-01T03:30Z', false],
    ['5/15 3 * * *', '2026-06-01T03:04Z', false],
    ['0 3 * JUN,Jul mon-WED', '2026-06-01T03:00Z', true],
    ['0 3 * jun Tue', '2026-06-01T03:00Z', false],
    // Where both day fields name days, either is enough; a star asks for both, and a star with a step names days.
    ['0 3 13 * 1', '2026-06-01T03:00Z', true],
    ['0 3 */2 * 2', '2026-06-01T03:00Z', true],
    ['0 3 13 * *', '2026-06-01T03:00Z', false],
    ['0 3 ? * 1', '2026-06-01T03:00Z', true],
  ])('%s at %s is open: %s', (schedule, now, open) => {
    const parsed = parseWindow({ ...window, schedule });
    expect(parsed.ok && isOpen(parsed.value, Date.parse(now))).toBe(open);
  });

  it.each([
    // 02:30 does not come on the day when clocks go forward, and comes twice when they go back.
    ['Europe/Berlin', '2026-03-29', []],
    ['Europe/Berlin', '2026-10-25', ['00:30', '01:30']],
    ['Europe/Berlin', '2026-06-01', ['00:30']],
    ['Australia/Lord_Howe', '2026-06-01', ['16:00']],
    ['Asia/Kathmandu', '2026-06-01', ['20:45']],
  ])('opens at 02:30 by the clocks of %s on %s at %j', (timeZone, day, expected) => {
    const parsed = parseWindow({ ...window, schedule: '30 2 * * *', duration: '1m', timeZone });
    const minutes = Array.from({ length: 24 * 60 }, (_, minute) => Date.parse(`${day}T00:00Z`) + minute * 60_000);
    const open = minutes.filter((minute) => parsed.ok && isOpen(parsed.value, minute));
    expect(open.map((minute) => new Date(minute).toISOString().slice(11, 16))).toEqual(expected);
  });
});

describe('concerns', () => {
  const target = { application: 'checkout', namespace: 'shop', clusters: ['eu-1', 'https://192.0.2.1'] };

  it.each([
    ['no list', {}, false],
    ['one of several', { applications: ['other'], namespaces: ['shop'] }, true],
    ['not all of several', { applications: ['other'], namespaces: ['shop'], useAndOperator: true }, false],
    ['all of several', { applications: ['check*'], clusters: ['eu-*'], useAndOperator: true }, true],
    ['another name of its cluster', { clusters: ['https://*.1'] }, true],
    ['pieces in their order', { applications: ['*e*k*t'] }, true],
    ['pieces in another order', { applications: ['*k*e*t*c'] }, false],
    ['pieces that overlap', { applications: ['checkou*out'] }, false],
  ])('%s', (_, scope, expected) => {
    expect(concerns(scope, target)).toBe(expected);
  });
});
