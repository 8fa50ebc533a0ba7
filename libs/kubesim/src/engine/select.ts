import { meetsAll, parseSelector, type LabelRequirement } from '@flotilla/model';
import { metadataOf } from '../objects/metadata.ts';
import { badRequest } from '../problems/status-fault.ts';
import type { JsonObject } from '../schema/schema-type.ts';
import type { ServedResource } from './served-resource.ts';

/** Which objects of a resource a list, a watch or a deletion is about. */
export interface Selection {
  /** Empty for all namespaces. */
  readonly namespace: string;
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
}

interface FieldRequirement {
  readonly value: (object: JsonObject) => string;
  readonly expected: string;
  readonly isEqual: boolean;
}

export function readSelection(resource: ServedResource, namespace: string, query: URLSearchParams): Selection {
  return {
    namespace,
    labels: readLabels(query.get('labelSelector') ?? ''),
    fields: readFields(resource, query.get('fieldSelector') ?? ''),
  };
}

export function isSelected(object: JsonObject, { namespace, labels, fields }: Selection): boolean {
  const metadata = metadataOf(object);
  if (namespace !== '' && metadata.namespace !== namespace) return false;
  if (labels.length > 0 && !meetsAll(labels, metadata.labels ?? {})) return false;
  return fields.every(({ value, expected, isEqual }) => (value(object) === expected) === isEqual);
}

/** A selection that can be counted without looking at each object. */
export function isWhole({ labels, fields }: Selection): boolean {
  return labels.length + fields.length === 0;
}

function readLabels(text: string): readonly LabelRequirement[] {
  const parsed = parseSelector(text);
  if (parsed.ok) return parsed.value;
  throw badRequest(`unable to parse requirement: ${parsed.reason}`);
}

function readFields(resource: ServedResource, text: string): FieldRequirement[] {
  return text
    .split(/(?<!\\),/)
    .filter(Boolean)
    .map((part) => readField(resource, part));
}

function readField(resource: ServedResource, part: string): FieldRequirement {
  const found = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
  if (!found) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
  const [, name, operator, expected] = found;
  return { value: fieldValue(resource, name!), expected: unescapeValue(expected!), isEqual: operator !== '!=' };
}

function fieldValue({ rules }: ServedResource, name: string): (object: JsonObject) => string {
  if (name === 'metadata.name') return (object) => metadataOf(object).name;
  if (name === 'metadata.namespace') return (object) => metadataOf(object).namespace ?? '';
  const read = rules.fieldSelectors?.[name];
  if (read) return read;
  if (rules.fieldSelectors) throw badRequest(`field label not supported: ${name}`);
  throw badRequest(`${JSON.stringify(name)} is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

/** Commas, equals signs and backslashes of a value arrive behind a backslash. */
function unescapeValue(text: string): string {
  return text.replace(/\\([\\,=])/g, '$1');
}
