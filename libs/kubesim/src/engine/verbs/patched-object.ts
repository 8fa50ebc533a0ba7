import { duplicateKeys, readJson } from '../../decode/read-json.ts';
import { applyJsonPatch, type PatchOperation } from '../../patches/json-patch.ts';
import { applyMergePatch } from '../../patches/merge-patch.ts';
import { applyStrategicMergePatch } from '../../patches/strategic-merge-patch.ts';
import { invalidValue } from '../../problems/field-problem.ts';
import { badRequest, invalid, StatusFault } from '../../problems/status-fault.ts';
import { isObject, type Json, type JsonDraft, type JsonObject } from '../../schema/schema-type.ts';
import { keepReset } from '../read-object.ts';
import type { WriteOptions } from '../read-options.ts';
import type { ResourceRequest } from '../resource-request.ts';

export interface Patching {
  readonly request: ResourceRequest;
  readonly options: WriteOptions;
  readonly contentType: string;
  readonly existing: JsonObject;
}

/** The object as a patch leaves it, read like any object that a client sends. */
export function patchedObject(patching: Patching): JsonDraft {
  const { request, options, contentType } = patching;
  const patch = readPatch(request.body, contentType);
  const patched = applyPatch(patching, patch);
  const { value, problems } = request.resource.codec.decode(patched);
  const shown = contentType.startsWith('application/strategic') ? goMap(patch) : JSON.stringify(patched);
  if (problems.error !== undefined) throw refused(shown, problems.error);
  const strict =
    options.fieldValidation === 'Ignore' ? [] : strictProblems(request.body, contentType, problems.unknown);
  if (strict.length > 0 && options.fieldValidation === 'Strict') {
    throw refused(shown, `strict decoding error: ${strict.join(', ')}`);
  }
  for (const problem of strict) request.warn(problem);
  if (isObject(patched)) keepReset(patched, value);
  request.resource.codec.applyDefaults(value);
  return value;
}

function readPatch(body: string, contentType: string): Json {
  const read = readJson(body);
  if (!read.ok) throw badRequest(`error decoding patch: ${read.problem}`);
  const isList = contentType === 'application/json-patch+json';
  if (isList !== Array.isArray(read.value) || (!isList && !isObject(read.value))) {
    const [found, want] = isList ? ['object', '[]handlers.jsonPatchOp'] : ['array', 'map[string]interface {}'];
    throw badRequest(`error decoding patch: json: cannot unmarshal ${found} into Go value of type ${want}`);
  }
  return read.value;
}

function applyPatch({ request, contentType, existing }: Patching, patch: Json): Json {
  switch (contentType) {
    case 'application/json-patch+json': {
      const patched = applyJsonPatch(existing, patch as unknown as PatchOperation[]);
      if (patched === undefined) throw doesNotApply();
      return patched;
    }
    case 'application/merge-patch+json':
      return applyMergePatch(existing, patch);
    default: {
      const { apiVersion, doors } = request.resource;
      return applyStrategicMergePatch(doors['']!.typeOf(apiVersion)!, existing, patch as JsonObject);
    }
  }
}

function doesNotApply(): StatusFault {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusFault({ code: 422, reason: 'Invalid', message, details: {} });
}

function strictProblems(body: string, contentType: string, unknown: readonly string[]): string[] {
  const prefix = contentType === 'application/json-patch+json' ? 'json patch ' : '';
  return [
    ...duplicateKeys(body).map((path) => `${prefix}duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
}

function refused(shown: string, problem: string): StatusFault {
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, problem)]);
}

/** A patch as Go prints a map. */
function goMap(value: Json): string {
  if (Array.isArray(value)) return `[${(value as Json[]).map(goMap).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : `${value as string | number | boolean}`;
  const parts = Object.keys(value)
    .toSorted()
    .map((key) => `${key}:${goMap(value[key]!)}`);
  return `map[${parts.join(' ')}]`;
}
