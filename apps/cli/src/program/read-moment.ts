import { Fault, isoTime, parseDuration } from '@flotilla/foundation';

const isoPattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** A moment as a person says it: `2h ago`, `2h`, `now`, or ISO 8601; without a zone it is UTC. As the wire has it. */
export function readMoment(text: string, now: number): string {
  const at = text === 'now' ? now : (longAgo(text, now) ?? isoMoment(text));
  if (at !== undefined && at >= 0) return isoTime(at);
  const message = `${text}: is no moment such as 2h ago, 2026-01-31 or 2026-01-31T12:00:00Z`;
  throw new Fault({ code: 'invalid', reason: 'MomentInvalid', message });
}

function longAgo(text: string, now: number): number | undefined {
  const ms = parseDuration(text.replace(/\s+ago$/, ''));
  return ms === undefined ? undefined : now - ms;
}

function isoMoment(text: string): number | undefined {
  if (!isoPattern.test(text)) return undefined;
  const at = Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}
