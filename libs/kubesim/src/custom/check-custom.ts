import { equalValues } from '../fields/values.ts';
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldProblem,
} from '../problems/field-problem.ts';
import { isList, isObject, type Json, type JsonObject } from '../schema/schema-type.ts';
import { additionalOf, propertiesOf, type CustomSchema } from './custom-schema.ts';

/** What a value lacks for its schema: types, required fields, bounds, patterns, enumerations, unique items. */
export function checkCustom(schema: CustomSchema, value: Json, path: string): FieldProblem[] {
  if (value === null && schema['nullable'] === true) return [];
  const type = checkType(schema, value, path);
  if (type.length > 0) return type;
  const enumerated = checkEnumeration(schema, value, path);
  if (typeof value === 'string') return [...enumerated, ...checkText(schema, value, path)];
  if (typeof value === 'number') return [...enumerated, ...checkNumber(schema, value, path)];
  if (isList(value)) return [...enumerated, ...checkItems(schema, value, path)];
  return isObject(value) ? [...enumerated, ...checkProperties(schema, value, path)] : enumerated;
}

function checkType(schema: CustomSchema, value: Json, path: string): FieldProblem[] {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : (schema['type'] as string | undefined);
  if (wanted === undefined) return [];
  const found = typeName(value);
  const fits = wanted.split(',').includes(found) || (wanted === 'number' && found === 'integer');
  if (fits) return [];
  const { message } = invalidValue(path, found, `${path} in body must be of type ${wanted}: "${found}"`);
  return [{ reason: 'FieldValueTypeInvalid', field: path, message }];
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkEnumeration(schema: CustomSchema, value: Json, path: string): FieldProblem[] {
  const allowed = schema['enum'] as readonly Json[] | undefined;
  if (!allowed || allowed.some((candidate) => equalValues(candidate, value))) return [];
  return [unsupportedValue(path, value, allowed.map(String))];
}

/** The first thing that is wrong with a text is all that is said about it. */
function checkText(schema: CustomSchema, value: string, path: string): FieldProblem[] {
  const { maxLength, minLength, pattern } = schema;
  const length = Array.from(value).length;
  if (typeof maxLength === 'number' && length > maxLength) return [tooLongValue(path, maxLength)];
  if (typeof minLength === 'number' && length < minLength) {
    return [invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`)];
  }
  if (typeof pattern === 'string' && !new RegExp(pattern).test(value)) {
    return [invalidValue(path, value, `${path} in body should match '${pattern}'`)];
  }
  return [];
}

function checkNumber(schema: CustomSchema, value: number, path: string): FieldProblem[] {
  const { minimum, maximum, multipleOf } = schema;
  const problems: string[] = [];
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf)) {
    problems.push(`should be a multiple of ${multipleOf}`);
  }
  if (typeof maximum === 'number') {
    const isExclusive = schema['exclusiveMaximum'] === true;
    if (value > maximum || (isExclusive && value === maximum)) {
      problems.push(`should be less than ${isExclusive ? '' : 'or equal to '}${maximum}`);
    }
  }
  if (typeof minimum === 'number') {
    const isExclusive = schema['exclusiveMinimum'] === true;
    if (value < minimum || (isExclusive && value === minimum)) {
      problems.push(`should be greater than ${isExclusive ? '' : 'or equal to '}${minimum}`);
    }
  }
  return problems.map((detail) => invalidValue(path, value, `${path} in body ${detail}`));
}

function checkItems(schema: CustomSchema, items: readonly Json[], path: string): FieldProblem[] {
  const { minItems, maxItems } = schema;
  const itemSchema = schema['items'];
  const problems: FieldProblem[] = [];
  if (typeof minItems === 'number' && items.length < minItems) {
    problems.push(invalidValue(path, items.length, `${path} in body should have at least ${minItems} items`));
  }
  if (typeof maxItems === 'number' && items.length > maxItems) problems.push(tooMany(path, items.length, maxItems));
  const inside = isObject(itemSchema)
    ? items.flatMap((item, index) => checkCustom(itemSchema, item, `${path}[${index}]`))
    : [];
  return [...problems, ...inside, ...checkUnique(schema, items, path)];
}

function tooMany(path: string, count: number, max: number): FieldProblem {
  return { reason: 'FieldValueTooMany', field: path, message: `Too many: ${count}: must have at most ${max} items` };
}

/** Sets have no value twice, keyed lists no key. */
function checkUnique(schema: CustomSchema, items: readonly Json[], path: string): FieldProblem[] {
  const keys = schema['x-kubernetes-list-map-keys'] as readonly string[] | undefined;
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const seen: Json[] = [];
  return items.flatMap((item, index) => {
    const identity = keys ? Object.fromEntries(keys.map((key) => [key, (item as JsonObject)[key]])) : item;
    if (seen.some((other) => equalValues(other, identity))) return [duplicateValue(`${path}[${index}]`, identity)];
    seen.push(identity);
    return [];
  });
}

function checkProperties(schema: CustomSchema, value: JsonObject, path: string): FieldProblem[] {
  const properties = propertiesOf(schema);
  const additional = additionalOf(schema);
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const missing = ((schema['required'] ?? []) as readonly string[]).filter((name) => value[name] === undefined);
  const inside = Object.keys(value).flatMap((name) => {
    const part = Object.hasOwn(properties, name) ? properties[name] : additional;
    return part ? checkCustom(part, value[name]!, at(name)) : [];
  });
  return [...checkCount(schema, value, path), ...missing.map((name) => requiredValue(at(name))), ...inside];
}

function checkCount(schema: CustomSchema, value: JsonObject, path: string): FieldProblem[] {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (typeof minProperties === 'number' && count < minProperties) {
    return [invalidValue(path, count, `${path} in body should have at least ${minProperties} properties`)];
  }
  const over = typeof maxProperties === 'number' && count > maxProperties;
  return over ? [tooMany(path, count, maxProperties)] : [];
}
