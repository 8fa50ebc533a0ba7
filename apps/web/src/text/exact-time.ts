/** An instant for people who compare clocks: their own time with its zone, and UTC. */
export function exactTime(iso: string, locale?: string, timeZone?: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'at an unknown time';
  const local = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long', timeZone }).format(at);
  return `${local} (${at
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')})`;
}

/** When something will be that is near: the time of day on this person's clock. */
export function clockTime(iso: string, locale?: string, timeZone?: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? 'an unknown time' : timeOfDay(ms, locale, timeZone);
}

/** The time of day on this person's clock: `12:03:10`. */
export function timeOfDay(ms: number, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23', timeZone }).format(ms);
}
