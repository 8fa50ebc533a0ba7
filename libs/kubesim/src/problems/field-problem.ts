import type { Json } from '../schema/schema-type.ts';

/** One thing that is wrong with an object, as the server reports it: a cause of an `Invalid` answer. */
export interface FieldProblem {
  readonly reason: FieldProblemReason;
  readonly field: string;
  readonly message: string;
}

export type FieldProblemReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueNotFound'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid';

export function invalidValue(field: string, value: Json | undefined, detail: string): FieldProblem {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${printed(value)}: ${detail}` };
}

export function requiredValue(field: string, detail = ''): FieldProblem {
  return { reason: 'FieldValueRequired', field, message: `Required value${detail && `: ${detail}`}` };
}

export function duplicateValue(field: string, value: Json): FieldProblem {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${printed(value)}` };
}

export function unsupportedValue(field: string, value: Json | undefined, supported: readonly string[]): FieldProblem {
  const list = supported.map((word) => JSON.stringify(word)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${printed(value)}: supported values: ${list}`,
  };
}

export function forbiddenValue(field: string, detail: string): FieldProblem {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

export function tooLongValue(field: string, max: number, unit: 'bytes' | 'characters' = 'bytes'): FieldProblem {
  const message = `Too long: may not be more than ${max} ${unit}`;
  return { reason: 'FieldValueTooLong', field, message };
}

function printed(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
