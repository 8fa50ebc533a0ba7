import type { FieldsV1 } from '@flotilla/model';
import { isDeepEqual } from './deep-equal.ts';
import { parseStep, type FieldPath, type FieldStep } from './field-path.ts';
import { isMember } from './members.ts';
import { readBracket } from './read-field-text.ts';
import { indexOf, isRecord } from './select.ts';

/**
 * Finds the field that the API server means by `.spec.containers[name="app"].image` in a set of fields. The server does
 * not escape names (`.metadata.labels.app.kubernetes.io/name`), so the text alone is ambiguous: what the set holds
 * decides. Only members of the set are found, not what merely leads to them.
 */
export function findField(fields: FieldsV1, text: string): FieldPath | undefined {
  return findFrom(fields, text, 0);
}

/** Whether a set of fields holds this very one, whatever it holds above or below it. */
export function containsField(fields: FieldsV1, text: string): boolean {
  return findField(fields, text) !== undefined;
}

function findFrom(fields: FieldsV1, text: string, start: number): FieldPath | undefined {
  if (start === text.length) return isMember(fields) ? [] : undefined;
  for (const [key, child] of Object.entries(fields)) {
    const end = endOfStep(key, text, start);
    const rest = end === undefined ? undefined : findFrom(child, text, end);
    if (rest) return [key, ...rest];
  }
  return undefined;
}

function endOfStep(key: string, text: string, start: number): number | undefined {
  if (key.startsWith('f:')) return endOfName(key.slice(2), text, start);
  const bracket = readBracket(text, start);
  return bracket && sameStep(bracket.step, parseStep(key)) ? bracket.end : undefined;
}

function endOfName(name: string, text: string, start: number): number | undefined {
  const end = start + 1 + name.length;
  const here = text[start] === '.' && text.startsWith(name, start + 1);
  return here && (end === text.length || text[end] === '.' || text[end] === '[') ? end : undefined;
}

function sameStep(left: FieldStep, right: FieldStep | undefined): boolean {
  return right !== undefined && isDeepEqual(left, right);
}

/** A path in one object, list items by their index. */
export type ObjectPath = readonly (string | number)[];

/** Finds the same field in an object; `undefined` when the object does not have it. */
export function locateField(object: unknown, text: string, start = 0): ObjectPath | undefined {
  if (start === text.length) return [];
  if (isRecord(object)) {
    for (const name of Object.keys(object)) {
      const end = endOfName(name, text, start);
      const rest = end === undefined ? undefined : locateField(object[name], text, end);
      if (rest) return [name, ...rest];
    }
    return undefined;
  }
  const bracket = readBracket(text, start);
  const index = indexOf(object, bracket?.step);
  const rest = index === undefined ? undefined : locateField((object as readonly unknown[])[index], text, bracket!.end);
  return rest && [index!, ...rest];
}
