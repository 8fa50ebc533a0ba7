import { Fault } from '@flotilla/foundation';
import { locateField, parseYaml, positionOf, type ValuePath } from '@flotilla/workload-manifests';
import type { Bundle } from '../keep/target-record.ts';
import type { DesiredObject, WrittenAt } from './desired-object.ts';

/** An object that the API server would not take. */
export interface RefusedObject {
  readonly desired: DesiredObject;
  readonly fault: Fault;
}

const namedMax = 10;

/**
 * Why nothing of a set was applied: each object with its place in Git and the server's words. What only a person can
 * mend comes first, and says what follows.
 */
export function refusedSet(subject: string, refused: readonly RefusedObject[], files: Bundle['files']): Fault {
  const isGrave = ({ fault }: RefusedObject) => fault.consequence.kind === 'stall';
  const sorted = refused.toSorted((left, right) => Number(isGrave(right)) - Number(isGrave(left)));
  const { code, reason, consequence } = sorted[0]!.fault;
  const lines = sorted.slice(0, namedMax).map((each) => placedFault(each, files).message);
  const more = refused.length > namedMax ? ` (and ${refused.length - namedMax} more objects)` : '';
  const message = `nothing was applied: ${lines.join('; ')}${more}`;
  return new Fault({ code, reason, message, subject, consequence, cause: sorted[0]!.fault });
}

/** The same refusal, with the place in Git that it is about. */
export function placedFault({ desired, fault }: RefusedObject, files: Bundle['files']): Fault {
  const place = placeOf(desired, fieldIn(fault.message), files);
  if (!place) return fault;
  const { code, reason, consequence, subject } = fault;
  const message = `${place.file}:${place.line}: ${fault.message}`;
  return new Fault({ code, reason, message, consequence, cause: fault, ...(subject && { subject }) });
}

const written = String.raw`(\.?[a-z][\w-]*(?:\.[\w-]+|\[[^\]]*\])*)`;
/** How the API server names a field: in validation, against a schema, in strict decoding, and where it quotes no values. */
const fieldWords: readonly RegExp[] = [
  new RegExp(
    `${written}: (?:Invalid|Required|Forbidden|Unsupported|Not found|Duplicate|Too |Internal|field not|expected)`,
  ),
  /unknown field "([^"]+)"/,
  new RegExp(` at ${written}[;,]`),
];

/** The field that a refusal is about, as the API server names fields: `.spec.replicas`. */
export function fieldIn(message: string): string | undefined {
  const field = fieldWords.map((words) => words.exec(message)?.[1]).find((found) => found !== undefined);
  return field?.startsWith('.') ? field : field && `.${field}`;
}

/** The line of the field, or of the part of it that is written; of the object where its file is not at hand. */
function placeOf(
  { written: place, object }: DesiredObject,
  field: string | undefined,
  files: Bundle['files'],
): WrittenAt | undefined {
  const file = place && files.find(({ path }) => path === place.file);
  if (!file || !field) return place;
  const text = Buffer.from(file.content, 'base64').toString('utf8');
  const document = parseYaml(text, place).documents.find((one) => positionOf(one, []).line === place.line);
  return document ? { file: place.file, line: positionOf(document, nearest(object, field)).line } : place;
}

function nearest(object: unknown, field: string): ValuePath {
  for (let text = field; text !== ''; text = text.replace(/(\.[^.[\]]*|\[[^\]]*\]|.)$/, '')) {
    const path = locateField(object, text);
    if (path) return path;
  }
  return [];
}
