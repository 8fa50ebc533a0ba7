import type { KubeObject } from '@flotilla/model';
import { isDeepEqual } from '../fields/deep-equal.ts';
import { fieldPathText, type FieldPath } from '../fields/field-path.ts';
import { isRecord } from '../fields/select.ts';
import { alignLists } from './align-lists.ts';
import { comparable } from './comparable.ts';
import { sameQuantity } from './quantity.ts';

/** One field that is not as it should be; a side that does not have it leaves it out. */
export interface FieldDifference {
  /** As the API server names fields: `.spec.template.spec.containers[name="app"].image`. */
  readonly path: string;
  readonly live?: unknown;
  readonly desired?: unknown;
}

/** The sides of a comparison; what is predicted counts for more than what is desired. */
export interface DiffInput {
  /** Absent when the object would be created. */
  readonly live?: KubeObject | undefined;
  /** Absent when the object would be deleted. */
  readonly desired?: KubeObject | undefined;
  /** What the API server said that applying would make of it. */
  readonly predicted?: KubeObject | undefined;
}

/**
 * Says for people what applying would change, field by field. With the server's own prediction the answer is exact.
 * Without one, it asks whether the live object contains what is desired: fields that only the live object has are
 * somebody else's. Mask secrets before: values are given as they are.
 */
export function diffObjects({ live, desired, predicted }: DiffInput): FieldDifference[] {
  const left = live && comparable(live);
  const wanted = predicted ?? desired;
  const right = wanted && comparable(wanted);
  const contains = predicted === undefined && live !== undefined && desired !== undefined;
  return differences(left, right, { path: [], contains });
}

interface Place {
  readonly path: FieldPath;
  /** Whether the left side only has to contain the right one. */
  readonly contains: boolean;
}

function differences(live: unknown, desired: unknown, place: Place): FieldDifference[] {
  if (isDeepEqual(live, desired) || (place.contains && isMet(live, desired, place.path))) return [];
  if (isRecord(live ?? {}) && isRecord(desired ?? {}) && !isWholeItem(live, desired, place)) {
    const inside = recordDifferences((live ?? {}) as Fields, (desired ?? {}) as Fields, place);
    if (inside.length > 0 || (live !== undefined && desired !== undefined)) return inside;
  }
  if (Array.isArray(live) && Array.isArray(desired)) return listDifferences(live, desired, place);
  return [
    {
      path: fieldPathText(place.path),
      ...(live !== undefined && { live }),
      ...(desired !== undefined && { desired }),
    },
  ];
}

/** An item that only one side has is one difference to a person, not one for each of its fields. */
function isWholeItem(live: unknown, desired: unknown, { path }: Place): boolean {
  const isItem = path.length > 0 && !path.at(-1)!.startsWith('f:');
  return isItem && (live === undefined || desired === undefined);
}

type Fields = Readonly<Record<string, unknown>>;

/** Nothing is wanted where nothing is; and the server writes quantities in its own way. */
function isMet(live: unknown, desired: unknown, path: FieldPath): boolean {
  if (live === undefined || live === null) return isNothing(desired);
  return sameQuantity(live, desired, path);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function recordDifferences(live: Fields, desired: Fields, place: Place): FieldDifference[] {
  const names = new Set([...(place.contains ? [] : Object.keys(live)), ...Object.keys(desired)]);
  return [...names].toSorted().flatMap((name) => {
    const below = { ...place, path: [...place.path, `f:${name}`] };
    return differences(own(live, name), own(desired, name), below);
  });
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function listDifferences(live: readonly unknown[], desired: readonly unknown[], place: Place): FieldDifference[] {
  if (place.contains && place.path.at(-1) === 'f:finalizers') {
    const missing = desired.filter((item) => !live.includes(item));
    return missing.length > 0 ? [{ path: fieldPathText(place.path), live, desired }] : [];
  }
  // Words in a row, such as arguments, are one value to a person.
  if (![...live, ...desired].some((item) => typeof item === 'object')) {
    return [{ path: fieldPathText(place.path), live, desired }];
  }
  return alignLists(live, desired).flatMap(({ step, left, right }) => {
    // An item with a key that only the live list has may be another manager's; a list without keys is ours.
    if (place.contains && right === undefined && !step.startsWith('i:')) return [];
    return differences(left, right, { ...place, path: [...place.path, step] });
  });
}
