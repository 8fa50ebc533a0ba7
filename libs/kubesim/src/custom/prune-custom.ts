import { isList, isObject, type Json, type JsonDraft } from '../schema/schema-type.ts';
import { additionalOf, preservesUnknown, propertiesOf, type CustomSchema } from './custom-schema.ts';

/** The value with only what its schema declares; the paths of the rest go to `unknown`. */
export function pruneCustom(schema: CustomSchema, value: Json, path: string, unknown: string[]): Json {
  if (isList(value)) {
    const items = schema['items'];
    if (!isObject(items)) return value;
    return value.map((item, index) => pruneCustom(items, item, `${path}[${index}]`, unknown));
  }
  if (!isObject(value)) return value;
  const properties = propertiesOf(schema);
  const additional = additionalOf(schema);
  const keeps = preservesUnknown(schema);
  const pruned: JsonDraft = {};
  for (const name of Object.keys(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const part = Object.hasOwn(properties, name) ? properties[name] : additional;
    if (part) pruned[name] = pruneCustom(part, value[name]!, at, unknown);
    else if (keeps || isEmbedded(schema, name)) pruned[name] = value[name];
    else unknown.push(at);
  }
  return pruned;
}

/** An object inside an object says what it is. */
function isEmbedded(schema: CustomSchema, name: string): boolean {
  return schema['x-kubernetes-embedded-resource'] === true && ['apiVersion', 'kind', 'metadata'].includes(name);
}
