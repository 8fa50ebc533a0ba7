import { deepStrictEqual } from 'node:assert/strict';
import type { Answer } from './scene.ts';

/** Throws, and shows the difference, unless the two are the same in all their parts. */
export function same(actual: unknown, expected: unknown): void {
  deepStrictEqual(plain(actual), plain(expected));
}

/** A value as JSON has it, so that nothing is not mistaken for a difference. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** What a refusal says: its code, its reason and its words. */
export function refusal({ body }: Answer): readonly unknown[] {
  return [body.code, body.reason, body.message];
}

/** What a refusal says about single fields, in the order of the fields. */
export function causes({ body }: Answer): readonly string[] {
  const all = (body.details?.causes ?? []) as { reason?: string; field?: string; message: string }[];
  return all.map(({ reason = '', field = '', message }) => `${field} ${reason}: ${message}`).toSorted();
}

/**
 * Who owns which fields, in short: for each manager the paths of the fields. `spec.ports[port=80,protocol=TCP]` is the
 * item of a list with these keys, `finalizers[=x]` a value in a set.
 */
export function owners({ body }: Answer): Record<string, string[]> {
  const owned: Record<string, string[]> = {};
  for (const { manager, operation, subresource, fieldsV1 } of body.metadata.managedFields ?? []) {
    const name = [manager, operation.toLowerCase(), subresource].filter(Boolean).join(' ');
    owned[name] = [...(owned[name] ?? []), ...pathsOf(fieldsV1, '')].toSorted();
  }
  return owned;
}

interface Fields {
  readonly [element: string]: Fields;
}

function pathsOf(fields: Fields, prefix: string): string[] {
  const parts = Object.entries(fields);
  if (parts.length === 0) return [prefix];
  return parts.flatMap(([element, below]) =>
    element === '.' ? [prefix] : pathsOf(below, `${prefix}${shown(element)}`),
  );
}

function shown(element: string): string {
  const [kind, rest] = [element.slice(0, 2), element.slice(2)];
  if (kind === 'f:') return rest.includes('.') || rest.includes('/') ? `.'${rest}'` : `.${rest}`;
  if (kind === 'v:') return `[=${String(JSON.parse(rest))}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${String(value)}`).join(',')}]`;
}
