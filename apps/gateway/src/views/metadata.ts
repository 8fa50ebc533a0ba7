import { isoTime } from '@flotilla/foundation';

/** A time for the wire. */
export function wireTime(date: Date): string {
  return isoTime(date.getTime());
}

/** A field that is left out where there is no time. */
export function optionalTime<Name extends string>(name: Name, date: Date | undefined): { [_ in Name]?: string } {
  return (date ? { [name]: wireTime(date) } : {}) as { [_ in Name]?: string };
}
