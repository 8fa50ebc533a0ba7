import { keyOfObject, type FieldsV1, type IgnoreRule, type KubeObject, type ManagedFields } from '@flotilla/model';
import { parseStep } from '../fields/field-path.ts';
import { managedFieldsOf } from '../fields/owners.ts';
import { withoutFields } from '../fields/remove-fields.ts';
import { indexOf, selectByKey } from '../fields/select.ts';
import { ignorable } from './ignore-fields.ts';
import { matchesRule } from './ignore-rule.ts';

export interface LeaveIgnoredOptions {
  readonly live: KubeObject | undefined;
  readonly rules: readonly IgnoreRule[];
  /** Whose fields are not left to others: our own. */
  readonly manager: string;
}

/**
 * What is to be applied, without the ignored fields that another manager owns in the cluster: it keeps them. One that
 * nobody else owns stays in, or the object would be made without it.
 */
export function leaveIgnored(desired: KubeObject, { live, rules, manager }: LeaveIgnoredOptions): KubeObject {
  const matching = live ? rules.filter((rule) => matchesRule(keyOfObject(desired), rule)) : [];
  if (!live || matching.length === 0) return desired;
  const others = managedFieldsOf(live).filter((entry) => !(entry.manager === manager && entry.operation === 'Apply'));
  const left = matching.flatMap((rule) => fieldsOf(desired, rule, others));
  return left.reduce<unknown>(withoutFields, desired) as KubeObject;
}

function fieldsOf(desired: KubeObject, rule: IgnoreRule, others: readonly ManagedFields[]): FieldsV1[] {
  const { jsonPointers = [], managers = [] } = rule;
  const steps = jsonPointers.map(ignorable).filter((path) => path.length > 0);
  return [
    ...others.filter(({ manager }) => managers.includes(manager)).map(({ fieldsV1 }) => fieldsV1),
    ...others.flatMap(({ fieldsV1 }) => steps.flatMap((path) => fieldsBelow(fieldsV1, desired, path) ?? [])),
  ];
}

/** The part of a set of fields that stands at or below a place in the object. */
function fieldsBelow(fields: FieldsV1, value: unknown, [step, ...rest]: readonly string[]): FieldsV1 | undefined {
  if (step === undefined) return fields;
  const key = Object.keys(fields).find((one) => leadsTo(value, one, step));
  const below = key === undefined ? undefined : fieldsBelow(fields[key]!, selectByKey(value, key), rest);
  return below && { [key!]: below };
}

/** Lists are counted in pointers, and their items have keys in the API server's fields. */
export function leadsTo(value: unknown, key: string, step: string): boolean {
  if (key.startsWith('f:')) return key.slice(2) === step;
  return String(indexOf(value, parseStep(key))) === step;
}
