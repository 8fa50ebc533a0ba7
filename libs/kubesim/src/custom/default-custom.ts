import { isList, isObject, type Json, type JsonDraft } from '../schema/schema-type.ts';
import { additionalOf, propertiesOf, type CustomSchema } from './custom-schema.ts';

/** Fills in the defaults of a schema, in place. A null where none may be counts as missing. */
export function defaultCustom(schema: CustomSchema, draft: JsonDraft): void {
  const properties = propertiesOf(schema);
  for (const [name, property] of Object.entries(properties)) {
    const fallback = property['default'];
    if (draft[name] === null && property['nullable'] !== true) delete draft[name];
    if (fallback !== undefined && draft[name] === undefined) draft[name] = structuredClone(fallback);
  }
  const additional = additionalOf(schema);
  for (const name of Object.keys(draft)) {
    const part = Object.hasOwn(properties, name) ? properties[name] : additional;
    if (part) defaultPart(part, draft[name] as Json);
  }
}

function defaultPart(schema: CustomSchema, value: Json): void {
  const items = schema['items'];
  if (isObject(value)) defaultCustom(schema, value);
  else if (isList(value) && isObject(items)) for (const item of value) defaultPart(items, item);
}
