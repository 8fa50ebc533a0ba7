import { done, parseDuration, refused, type Outcome } from '@flotilla/foundation';
import { parseSchedule } from './schedule.ts';
import { firstStart, lastStart, type Starts } from './starts.ts';
import { timeZone } from './time-zone.ts';

/** A window as it is written, with Argo CD's words. */
export interface WrittenWindow {
  readonly kind: string;
  /** Five fields of cron: when it opens. */
  readonly schedule: string;
  /** How long it stays open: `90m`, `63h`, `1h30m`. */
  readonly duration: string;
  /** By whose clocks; UTC when nothing is said. */
  readonly timeZone?: string | undefined;
  /** Whether a person may sync where an application may not by itself. */
  readonly manualSync?: boolean | undefined;
  /** Whether a sync may go on that began when it was allowed to. */
  readonly syncOverrun?: boolean | undefined;
}

/** A span of time that comes again and again, in which syncs are allowed or denied. */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  readonly starts: Starts;
  readonly durationMs: number;
  readonly manualSync: boolean;
  readonly syncOverrun: boolean;
}

/** Longer than a year nothing is a window any more; every look at one costs as much as it is long. */
const durationMaxMs = 366 * 24 * 3_600_000;
/** How far ahead anybody looks for what a window does next: the 29th of February comes in eight years at the latest. */
export const aheadMaxMs = 8 * 366 * 24 * 3_600_000;

/** Reads a window; the reason says what is wrong with it. */
export function parseWindow(written: WrittenWindow): Outcome<SyncWindow, string> {
  const { kind, timeZone: zoneName = 'UTC', manualSync = false, syncOverrun = false } = written;
  if (kind !== 'allow' && kind !== 'deny') return refused(`a window is \`allow\` or \`deny\`, not \`${kind}\``);
  const schedule = parseSchedule(written.schedule);
  if (!schedule.ok) return schedule;
  const durationMs = parseDuration(written.duration);
  if (!durationMs) return refused(`\`${written.duration}\` is no duration such as 90m, 63h or 1h30m`);
  if (durationMs > durationMaxMs) return refused(`a window of \`${written.duration}\` is longer than a year`);
  const zone = timeZone(zoneName || 'UTC');
  if (!zone) return refused(`\`${zoneName}\` is no time zone such as Europe/Berlin`);
  return done({ kind, starts: { schedule: schedule.value, zone }, durationMs, manualSync, syncOverrun });
}

/** Open from each start on, for as long as it is: the start belongs to it, the end does not. */
export function isOpen(window: SyncWindow, now: number): boolean {
  return lastOpening(window, now) !== undefined;
}

/** When an open window closes if it does not open again before, or when a closed one opens. */
export function nextEdge(window: SyncWindow, now: number): number | undefined {
  const opened = lastOpening(window, now);
  if (opened !== undefined) return opened + window.durationMs;
  return firstStart(window.starts, { from: now, to: now + aheadMaxMs });
}

function lastOpening({ starts, durationMs }: SyncWindow, now: number): number | undefined {
  return lastStart(starts, { from: now - durationMs + 1, to: now });
}
