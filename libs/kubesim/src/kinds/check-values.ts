import { invalidValue, requiredValue, unsupportedValue, type FieldProblem } from '../problems/field-problem.ts';
import { isObject, type Json, type JsonObject } from '../schema/schema-type.ts';
import { checkLabels, checkQualifiedName } from './names.ts';

/** The object in a field, or an empty one. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject {
  const value = object?.[name];
  return isObject(value) ? value : {};
}

/** The objects in a list field. */
export function itemsAt(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  return (object?.[name] ?? []) as readonly JsonObject[];
}

export function textAt(object: JsonObject | undefined, name: string): string {
  return (object?.[name] ?? '') as string;
}

export function checkNotNegative(field: string, value: Json | undefined): FieldProblem[] {
  return typeof value === 'number' && value < 0
    ? [invalidValue(field, value, 'must be greater than or equal to 0')]
    : [];
}

export function checkPort(field: string, value: Json | undefined): FieldProblem[] {
  const valid = typeof value === 'number' && value >= 1 && value <= 65_535;
  return valid ? [] : [invalidValue(field, value, 'must be between 1 and 65535, inclusive')];
}

/** The name of a port, as `targetPort` and probes use it. */
export function checkPortName(field: string, name: string): FieldProblem[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (/^-|-$/.test(name)) problems.push('must not begin or end with a hyphen');
  return problems.map((detail) => invalidValue(field, name, detail));
}

export function checkPortOrName(field: string, value: Json | undefined): FieldProblem[] {
  return typeof value === 'string' ? checkPortName(field, value) : checkPort(field, value);
}

export function checkOneOf(field: string, value: Json | undefined, supported: readonly string[]): FieldProblem[] {
  return supported.includes(value as string) ? [] : [unsupportedValue(field, value, supported)];
}

/** A count or a percentage. */
export function checkCountOrPercent(field: string, value: Json | undefined): FieldProblem[] {
  if (typeof value === 'number') return checkNotNegative(field, value);
  if (typeof value !== 'string' || /^\d+%$/.test(value)) return [];
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [invalidValue(field, value, detail)];
}

export function isEmptySelector(selector: Json | undefined): boolean {
  if (!isObject(selector)) return true;
  return Object.keys(objectAt(selector, 'matchLabels')).length + itemsAt(selector, 'matchExpressions').length === 0;
}

const selectorOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

export function checkLabelSelector(field: string, selector: JsonObject): FieldProblem[] {
  const labels = objectAt(selector, 'matchLabels') as Record<string, string>;
  const expressions = itemsAt(selector, 'matchExpressions').flatMap((expression, index) =>
    checkExpression(`${field}.matchExpressions[${index}]`, expression),
  );
  return [...checkLabels(`${field}.matchLabels`, labels), ...expressions];
}

function checkExpression(field: string, expression: JsonObject): FieldProblem[] {
  const operator = textAt(expression, 'operator');
  const hasValues = itemsAt(expression, 'values').length > 0;
  const problems: FieldProblem[] = [];
  if (!selectorOperators.includes(operator)) {
    problems.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  } else if (operator.endsWith('In') && !hasValues) {
    problems.push(requiredValue(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (!operator.endsWith('In') && hasValues) {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    problems.push({ reason: 'FieldValueForbidden', field: `${field}.values`, message: `Forbidden: ${detail}` });
  }
  return [...problems, ...checkQualifiedName(`${field}.key`, textAt(expression, 'key'))];
}
