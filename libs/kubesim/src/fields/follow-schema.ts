import type { SchemaType } from '../schema/schema-type.ts';
import { setOf, type FieldSet } from './field-set.ts';
import type { Owner, Owners } from './managers.ts';
import { typeOfItem, typeOfPart } from './values.ts';

/**
 * Owners as they would be had their fields always had today's types. The definition of a custom resource may make one
 * value of what was owned in parts; whoever owned a part owns the value then.
 */
export function followSchema(owners: Owners, typeOf: (apiVersion: string) => SchemaType | undefined): Owners {
  const followed = new Map<string, Owner>();
  for (const [id, owner] of owners) {
    const type = typeOf(owner.apiVersion);
    const fields = type ? followType(type, owner.fields) : owner.fields;
    followed.set(id, fields === owner.fields ? owner : { ...owner, fields });
  }
  return followed;
}

const whole = setOf(['whole']).children.get('whole')!;

/** The same set when nothing has changed, which is the rule. */
function followType(type: SchemaType, fields: FieldSet): FieldSet {
  if (fields.children.size === 0) return fields;
  if (isOneValue(type)) return whole;
  if (type.kind === 'scalar' || type.kind === 'any') return fields;
  let children: Map<string, FieldSet> | undefined;
  for (const [element, child] of fields.children) {
    const followed = followType(typeOfElement(type, element), child);
    if (followed !== child) (children ??= new Map(fields.children)).set(element, followed);
  }
  return children ? { ...fields, children } : fields;
}

/** Free-form parts are left alone: what they look like says nothing about what they were. */
function isOneValue(type: SchemaType): boolean {
  if (type.kind === 'list') return type.merge === 'atomic';
  return type.kind !== 'scalar' && type.atomic;
}

function typeOfElement(type: SchemaType, element: string): SchemaType {
  return element.startsWith('f:') ? typeOfPart(type, element.slice(2)) : typeOfItem(type);
}
