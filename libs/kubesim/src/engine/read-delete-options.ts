import { readJson } from '../decode/read-json.ts';
import { invalidValue, unsupportedValue } from '../problems/field-problem.ts';
import { badRequest, invalidOptions } from '../problems/status-fault.ts';
import { isObject, type JsonObject } from '../schema/schema-type.ts';
import { checkDryRun, readBoolean, readInteger } from './read-options.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: string | undefined;
  readonly orphanDependents: boolean | undefined;
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string };
}

/** The options of a deletion are in its body, or else in its query. */
export function readDeleteOptions(body: string, query: URLSearchParams): DeleteOptions {
  const options = body.trim() === '' ? fromQuery(query) : fromBody(body);
  const { propagationPolicy: policy, orphanDependents } = options;
  const problems = [...checkDryRun(dryRunOf(body, query))];
  if (policy !== undefined && !policies.includes(policy)) {
    problems.push(unsupportedValue('propagationPolicy', policy, [...policies, 'nil']));
  }
  if (policy !== undefined && orphanDependents !== undefined) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set';
    problems.push(invalidValue('propagationPolicy', policy, detail));
  }
  if (problems.length > 0) throw invalidOptions('DeleteOptions', problems);
  return options;
}

const policies = ['Foreground', 'Background', 'Orphan'];

function fromQuery(query: URLSearchParams): DeleteOptions {
  return {
    dryRun: query.getAll('dryRun').length > 0,
    gracePeriodSeconds: notNegative(readInteger(query.get('gracePeriodSeconds'))),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: readBoolean(query.get('orphanDependents')),
    preconditions: {},
  };
}

function fromBody(body: string): DeleteOptions {
  const options = readOptions(body);
  const preconditions = options['preconditions'];
  return {
    dryRun: ((options['dryRun'] ?? []) as readonly string[]).length > 0,
    gracePeriodSeconds: notNegative(options['gracePeriodSeconds'] as number | undefined),
    propagationPolicy: options['propagationPolicy'] as string | undefined,
    orphanDependents: options['orphanDependents'] as boolean | undefined,
    preconditions: isObject(preconditions) ? preconditions : {},
  };
}

function readOptions(body: string): JsonObject {
  const read = readJson(body);
  if (!read.ok || !isObject(read.value)) {
    throw badRequest(`couldn't get version/kind; json parse error: ${read.ok ? 'not an object' : read.problem}`);
  }
  return read.value;
}

function dryRunOf(body: string, query: URLSearchParams): readonly string[] {
  if (body.trim() === '') return query.getAll('dryRun');
  return (readOptions(body)['dryRun'] ?? []) as readonly string[];
}

/** A negative period stands for the shortest one. */
function notNegative(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds < 0 ? 1 : seconds;
}
