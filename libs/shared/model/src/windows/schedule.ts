import { done, refused, type Outcome } from '@flotilla/foundation';

/** When something starts: five fields of cron, each as the values that it allows. */
export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Whether one of the two day fields is `*`: then both must hold. Where both name days, either is enough. */
  readonly bothDays: boolean;
}

interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** What may be written for numbers, from `min` on. */
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly Field[] = [
  { title: 'minute', min: 0, max: 59 },
  { title: 'hour', min: 0, max: 23 },
  { title: 'day of month', min: 1, max: 31 },
  { title: 'month', min: 1, max: 12, names: monthNames },
  { title: 'day of week', min: 0, max: 6, names: dayNames },
];

/** Reads five fields as Argo CD does: Sunday is 0 and never 7, and there are no words such as `@daily`. */
export function parseSchedule(text: string): Outcome<Schedule, string> {
  const words = text.trim().split(/\s+/);
  if (words.length !== fields.length)
    return refused(`\`${text}\` must have five fields: minute hour day month weekday`);
  const sets: Set<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const values = valuesOf(words[index]!, field);
    if (!values.ok) return values;
    sets.push(values.value);
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const bothDays = isEvery(words[2]!) || isEvery(words[4]!);
  return done({ minutes, hours, daysOfMonth, months, daysOfWeek, bothDays });
}

/** Whether a part of the field is a bare star. One with a step chooses days, as numbers do. */
function isEvery(word: string): boolean {
  return word.split(',').some((part) => /^[*?](\/1)?$/.test(part));
}

function valuesOf(word: string, field: Field): Outcome<Set<number>, string> {
  const values = new Set<number>();
  for (const part of word.split(',')) {
    const range = rangeOf(part, field);
    if (!range) return refused(`\`${part}\` is no ${field.title}: ${field.min} to ${field.max}`);
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return done(values);
}

function rangeOf(part: string, field: Field): { from: number; to: number; step: number } | undefined {
  const [span = '', stepText, ...more] = part.split('/');
  const step = stepText === undefined ? 1 : numberOf(stepText);
  if (more.length > 0 || !step) return undefined;
  if (span === '*' || span === '?') return { from: field.min, to: field.max, step };
  const [fromText = '', toText, ...others] = span.split('-');
  const from = valueOf(fromText, field);
  // A single value with a step goes on to the end: `5/15` is 5, 20, 35, 50.
  const to = toText === undefined ? (stepText === undefined ? from : field.max) : valueOf(toText, field);
  if (others.length > 0 || from === undefined || to === undefined || from > to) return undefined;
  return { from, to, step };
}

function valueOf(text: string, { min, max, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + min : numberOf(text);
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
