import { keyOfObject, type IgnoreRule, type KubeObject } from '@flotilla/model';
import { managedFieldsOf } from '../fields/owners.ts';
import { withoutFields } from '../fields/remove-fields.ts';
import { matchesRule } from './ignore-rule.ts';
import { pointerSteps, withoutPointer } from './json-pointer.ts';

/** The sides from which ignored fields go; each may be absent. */
export interface IgnoreInput {
  readonly live?: KubeObject | undefined;
  readonly desired?: KubeObject | undefined;
  readonly predicted?: KubeObject | undefined;
}

/**
 * Both sides without what the rules ignore, for comparing them. Pointers go from every side. What a manager owns goes
 * only where there is a live object, which alone knows its managers, and a desired one, which might contradict them.
 */
export function ignoreFields(sides: IgnoreInput, rules: readonly IgnoreRule[]): IgnoreInput {
  const named = sides.desired ?? sides.live;
  const matching = named ? rules.filter((rule) => matchesRule(keyOfObject(named), rule)) : [];
  if (matching.length === 0) return sides;
  const pointers = matching.flatMap(({ jsonPointers = [] }) => jsonPointers.map(ignorable));
  const managed = sides.desired && sides.live ? managedBy(sides.live, matching) : [];
  const strip = (object: KubeObject | undefined) => {
    if (!object) return undefined;
    const kept = pointers.reduce<unknown>(withoutPointer, managed.reduce<unknown>(withoutFields, object));
    return kept as KubeObject;
  };
  return { live: strip(sides.live), desired: strip(sides.desired), predicted: strip(sides.predicted) };
}

const identity = [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']];

/** What a pointer leads to; nowhere when it is none, and when an object would not be itself without it. */
export function ignorable(pointer: string): readonly string[] {
  const steps = pointerSteps(pointer) ?? [];
  return identity.some((path) => steps.every((step, index) => path[index] === step)) ? [] : steps;
}

function managedBy(live: KubeObject, rules: readonly IgnoreRule[]) {
  const managers = new Set(rules.flatMap(({ managers: names = [] }) => names));
  return managedFieldsOf(live)
    .filter(({ manager }) => managers.has(manager))
    .map(({ fieldsV1 }) => fieldsV1);
}
