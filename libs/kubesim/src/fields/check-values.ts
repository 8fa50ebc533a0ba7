import {
  isList,
  isObject,
  type Json,
  type ListType,
  type ScalarName,
  type ScalarType,
  type SchemaType,
} from '../schema/schema-type.ts';
import { elementText, fieldElement, itemElement } from './path-element.ts';
import { shapeOf, typeOfPart } from './values.ts';

/**
 * What keeps a value from being read as its type, as the server says it; empty when nothing does. An applied object
 * may not name an item twice; a stored one may, because older writers could.
 */
export function checkValues(type: SchemaType, value: Json, { duplicates }: { duplicates: 'refuse' | 'allow' }): string {
  const problems: string[] = [];
  check(type, value, '', { problems, refuseDuplicates: duplicates === 'refuse' });
  if (problems.length <= 1) return problems[0] ?? '';
  return ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}

interface Checking {
  readonly problems: string[];
  readonly refuseDuplicates: boolean;
}

function check(type: SchemaType, value: Json, path: string, checking: Checking): void {
  const shape = shapeOf(type, value);
  if (type.kind === 'scalar') return checkScalar(type, value, path, checking);
  if (type.kind === 'any') return;
  if (shape === 'map') checkFields(type, value, path, checking);
  else checkItems(type as ListType, value, path, checking);
}

const expected: Readonly<Record<ScalarName, { readonly type: string; readonly words: string } | undefined>> = {
  string: { type: 'string', words: 'string' },
  bytes: { type: 'string', words: 'string' },
  bool: { type: 'boolean', words: 'boolean' },
  int32: { type: 'number', words: 'numeric (int or float)' },
  int64: { type: 'number', words: 'numeric (int or float)' },
  number: { type: 'number', words: 'numeric (int or float)' },
  quantity: undefined,
  intOrString: undefined,
  time: undefined,
  microTime: undefined,
};

function checkScalar(type: ScalarType, value: Json, path: string, { problems }: Checking): void {
  if (value === null) return;
  const want = expected[type.scalar];
  if (want) {
    if (typeof value !== want.type) problems.push(`${prefix(path)}expected ${want.words}, got ${printed(want, value)}`);
  } else if (typeof value === 'object') {
    problems.push(`${prefix(path)}expected any scalar, got ${JSON.stringify(value)}`);
  }
}

/** The server prints a Go type where it wants a number, and a Go value elsewhere. */
function printed(want: { readonly type: string }, value: Json): string {
  if (want.type === 'number') return goTypeOf(value);
  return want.type === 'string' ? `&value.valueUnstructured{Value:${goValue(value)}}` : `&{${goPlain(value)}}`;
}

function goTypeOf(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return isList(value) ? '[]interface {}' : 'map[string]interface {}';
}

function goValue(value: Json): string {
  return typeof value === 'object' ? `${goTypeOf(value)}${JSON.stringify(value)}` : JSON.stringify(value);
}

function checkFields(type: SchemaType, value: Json, path: string, checking: Checking): void {
  if (value === null) return;
  if (!isObject(value)) {
    checking.problems.push(`${prefix(path)}expected map, got &{${goPlain(value)}}`);
    return;
  }
  for (const name of Object.keys(value)) {
    const at = `${path}${elementText(fieldElement(name))}`;
    const declared = type.kind !== 'struct' || type.fields.has(name) || type.others !== undefined;
    if (declared) check(typeOfPart(type, name), value[name]!, at, checking);
    else checking.problems.push(`${at}: field not declared in schema`);
  }
}

function checkItems(type: ListType, value: Json, path: string, checking: Checking): void {
  if (value === null) return;
  if (!isList(value)) {
    checking.problems.push(`${prefix(path)}expected list, got &{${goPlain(value)}}`);
    return;
  }
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    if (type.merge === 'atomic') {
      check(type.element, item, `${path}[${index}]`, checking);
      continue;
    }
    const key = itemElement(type, item);
    if (!key.ok) {
      checking.problems.push(`${prefix(path)}element ${index}: ${key.problem}`);
      return;
    }
    if (seen.has(key.element) && checking.refuseDuplicates) {
      checking.problems.push(`${prefix(path)}duplicate entries for key ${elementText(key.element)}`);
    }
    seen.add(key.element);
    check(type.element, item, `${path}${elementText(key.element)}`, checking);
  }
}

function prefix(path: string): string {
  return path === '' ? '' : `${path}: `;
}

function goPlain(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
