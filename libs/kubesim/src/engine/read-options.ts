import {
  forbiddenValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldProblem,
} from '../problems/field-problem.ts';
import { badRequest, invalidOptions } from '../problems/status-fault.ts';

/** What a write says beside the object. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  readonly force: boolean | undefined;
}

export function readWriteOptions(kind: string, query: URLSearchParams, contentType?: string): WriteOptions {
  const isApply = contentType === 'application/apply-patch+yaml';
  const force = readBoolean(query.get('force'));
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const problems = [
    ...(isApply && fieldManager === '' ? [requiredValue('fieldManager', 'is required for apply patch')] : []),
    ...(!isApply && force !== undefined ? [forbiddenValue('force', 'may not be specified for non-apply patch')] : []),
    ...checkFieldManager(fieldManager),
    ...checkDryRun(query.getAll('dryRun')),
    ...checkFieldValidation(fieldValidation),
  ];
  if (problems.length > 0) throw invalidOptions(kind, problems);
  return {
    dryRun: query.getAll('dryRun').length > 0,
    fieldManager,
    fieldValidation: (fieldValidation || 'Warn') as WriteOptions['fieldValidation'],
    force,
  };
}

export function checkDryRun(values: readonly string[]): FieldProblem[] {
  return values.every((value) => value === 'All') ? [] : [unsupportedValue('dryRun', [...values], ['All'])];
}

/** The server takes every word but a few for true. */
export function readBoolean(text: string | null): boolean | undefined {
  if (text === null) return undefined;
  return !['false', '0'].includes(text.toLowerCase());
}

export function readInteger(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function checkFieldManager(name: string): FieldProblem[] {
  return Buffer.byteLength(name) > 128 ? [tooLongValue('fieldManager', 128)] : [];
}

const validations = ['', 'Ignore', 'Strict', 'Warn'];

function checkFieldValidation(value: string): FieldProblem[] {
  return validations.includes(value) ? [] : [unsupportedValue('fieldValidation', value, validations)];
}

/** Who writes: the manager that the request names, else the client by the name it gives itself. */
export function managerOf({ fieldManager }: WriteOptions, userAgent: string): string {
  if (fieldManager !== '') return fieldManager;
  return userAgent.split('/')[0]!.replace(/\p{C}/gu, '').slice(0, 128);
}
