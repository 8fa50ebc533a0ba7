import type { Schedule } from './schedule.ts';
import type { TimeZone } from './time-zone.ts';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** When a schedule starts something, by the clocks of a place. */
export interface Starts {
  readonly schedule: Schedule;
  readonly zone: TimeZone;
}

/**
 * The first start in `from <= start <= to`. An hour that clocks leave out has no starts, and one that they repeat has
 * them twice.
 */
export function firstStart(starts: Starts, { from, to }: { from: number; to: number }): number | undefined {
  for (let at = Math.ceil(from / minuteMs) * minuteMs; at <= to; at += stepFrom(starts, at, 1)) {
    if (isStart(starts, at)) return at;
  }
  return undefined;
}

/** The last start in `from <= start <= to`. */
export function lastStart(starts: Starts, { from, to }: { from: number; to: number }): number | undefined {
  for (let at = Math.floor(to / minuteMs) * minuteMs; at >= from; at -= stepFrom(starts, at, -1)) {
    if (isStart(starts, at)) return at;
  }
  return undefined;
}

function isStart({ schedule, zone }: Starts, at: number): boolean {
  const wall = new Date(at + zone.offsetMs(at));
  return isDay(schedule, wall) && schedule.hours.has(wall.getUTCHours()) && schedule.minutes.has(wall.getUTCMinutes());
}

function isDay({ months, daysOfMonth, daysOfWeek, bothDays }: Schedule, wall: Date): boolean {
  if (!months.has(wall.getUTCMonth() + 1)) return false;
  const [ofMonth, ofWeek] = [daysOfMonth.has(wall.getUTCDate()), daysOfWeek.has(wall.getUTCDay())];
  return bothDays ? ofMonth && ofWeek : ofMonth || ofWeek;
}

/** How far the next minute is that may be a start: past a day or an hour that has none. */
function stepFrom({ schedule, zone }: Starts, at: number, direction: 1 | -1): number {
  const wallMs = at + zone.offsetMs(at);
  const wall = new Date(wallMs);
  const unitMs = !isDay(schedule, wall) ? dayMs : !schedule.hours.has(wall.getUTCHours()) ? hourMs : minuteMs;
  const step = toEdge(wallMs, unitMs, direction);
  // Where clocks are moved on the way, the way is walked by quarters of an hour, inside which they never are.
  const isMoved = zone.offsetMs(at) !== zone.offsetMs(at + direction * step);
  return isMoved ? Math.min(step, toEdge(at, quarterMs, direction)) : step;
}

/** From a minute into the next unit, or back to the last minute of the one before. */
function toEdge(at: number, unitMs: number, direction: 1 | -1): number {
  const into = ((at % unitMs) + unitMs) % unitMs;
  return direction === 1 ? unitMs - into : into + minuteMs;
}
