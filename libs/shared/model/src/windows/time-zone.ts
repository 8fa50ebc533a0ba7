const minuteMs = 60_000;
/** Clocks are never moved inside a quarter of an hour of world time. */
const quarterMs = 15 * minuteMs;

/** How far the clocks of one place are from world time. */
export interface TimeZone {
  readonly offsetMs: (at: number) => number;
}

/** A time zone by its name in the IANA list, such as `Europe/Berlin`; `undefined` for a name that is none. */
export function timeZone(name: string): TimeZone | undefined {
  if (name === 'UTC') return { offsetMs: () => 0 };
  const format = formatOf(name);
  if (!format) return undefined;
  let known = { quarter: Number.NaN, offset: 0 };
  return {
    offsetMs: (at) => {
      const quarter = Math.floor(at / quarterMs);
      if (quarter !== known.quarter) known = { quarter, offset: offsetOf(format, quarter * quarterMs) };
      return known.offset;
    },
  };
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

/** What the clock on the wall shows, read as if it were world time, less world time. */
function offsetOf(format: Intl.DateTimeFormat, at: number): number {
  const shown = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}
