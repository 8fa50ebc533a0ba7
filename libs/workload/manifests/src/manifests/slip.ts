import type { ValuePath } from '../yaml/source-problem.ts';

/** Something wrong in an object, by its path in it. */
export interface Slip {
  readonly path: ValuePath;
  readonly message: string;
}

/** What to say of a value that should be text. A value that may be secret is not repeated. */
export function notText(value: unknown, { secret = false } = {}): string {
  if (typeof value === 'object' && value !== null)
    return `must be text, not a ${Array.isArray(value) ? 'list' : 'mapping'}`;
  const reading = secret ? '' : `: without quotes it reads as ${String(value)}`;
  return `must be text${reading}; put quotes around it`;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
