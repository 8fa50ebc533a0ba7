import { duplicateKeys, readJson } from '../decode/read-json.ts';
import type { DecodeProblems } from '../decode/decode-object.ts';
import { badRequest, unsupportedMediaType } from '../problems/status-fault.ts';
import { isObject, type Json, type JsonDraft, type JsonObject } from '../schema/schema-type.ts';
import type { WriteOptions } from './read-options.ts';
import { readYaml } from './read-yaml.ts';
import type { ResourceRequest } from './resource-request.ts';

/** Reads the object in the body of a create or a replace, with its defaults. */
export function readObject(request: ResourceRequest, { fieldValidation }: WriteOptions): JsonDraft {
  const { resource, body, warn } = request;
  const isYaml = checkContentType(request.headers['content-type']) === 'application/yaml';
  const json = isYaml ? readYaml(body) : parse(body, resource.kind);
  if (!isObject(json)) throw unrecognized(resource.kind, 'json: cannot unmarshal into an object');
  checkKind(request, json);
  const { value, problems } = resource.codec.decode(json);
  const strict = fieldValidation === 'Ignore' ? [] : strictProblems(problems, isYaml ? '' : body);
  const prefix = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: `;
  if (problems.error !== undefined) throw badRequest(`${prefix}${problems.error}`);
  if (strict.length > 0 && fieldValidation === 'Strict') {
    throw badRequest(`${prefix}strict decoding error: ${strict.join(', ')}`);
  }
  for (const problem of strict) warn(problem);
  keepReset(json, value);
  resource.codec.applyDefaults(value);
  return value;
}

/** What strict reading objects to: keys that come twice, and fields that the type does not have. */
export function strictProblems(problems: Pick<DecodeProblems, 'unknown'>, body: string): string[] {
  return [
    ...duplicateKeys(body).map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...problems.unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
}

/** An empty list of managed fields is an order to forget all owners; as an empty list it would be left out. */
export function keepReset(json: JsonObject, value: JsonDraft): void {
  const entries = (json['metadata'] as JsonObject | undefined)?.['managedFields'];
  if (!Array.isArray(entries)) return;
  const isReset = entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] as object).length === 0);
  if (isReset) value['metadata'].managedFields = [];
}

function parse(body: string, kind: string): Json {
  const read = readJson(body);
  if (read.ok) return read.value;
  throw unrecognized(kind, `${read.problem} (${body === '' ? '<empty>' : body.slice(0, 100)})`);
}

function unrecognized(kind: string, problem: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${problem}`,
  );
}

const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

function checkContentType(header: string | undefined): string {
  const type = (header ?? '').split(';')[0]!.trim();
  if (type === '') return 'application/json';
  if (type === 'application/json' || type === 'application/yaml') return type;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** The object may leave out what it is, but not say that it is something else. */
function checkKind({ resource }: ResourceRequest, json: JsonObject): void {
  const kind = (json['kind'] ?? '') as string;
  const apiVersion = (json['apiVersion'] ?? '') as string;
  if ((kind === '' || kind === resource.kind) && (apiVersion === '' || apiVersion === resource.apiVersion)) return;
  const version = (apiVersion === '' ? resource.apiVersion : apiVersion).split('/').at(-1)!;
  const named = kind === '' ? resource.kind : kind;
  const asked = apiVersion === '' ? resource.apiVersion : apiVersion;
  throw badRequest(
    `${named} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: no kind ${JSON.stringify(named)} is registered for version ${JSON.stringify(asked)} in scheme "pkg/runtime/scheme.go:110"`,
  );
}
