import type { SchemaType } from '../schema/schema-type.ts';
import type { FieldSet } from './field-set.ts';
import { fieldNameOf } from './path-element.ts';
import { typeOfItem, typeOfPart } from './values.ts';

/**
 * The set with each declared field on the way to a member made a member too. A manager who owns `spec.a.b` does not own
 * `spec.a`; but when nothing below `spec.a` is left to anybody, it has to go as well.
 */
export function withNamedFields(set: FieldSet, type: SchemaType | undefined): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const name = fieldNameOf(element);
    const inner = withNamedFields(child, typeBelow(type, element, name));
    const isNamed = child.children.size > 0 && name !== undefined && isDeclared(type, name);
    children.set(element, isNamed && !inner.member ? { member: true, children: inner.children } : inner);
  }
  return { member: set.member, children };
}

function isDeclared(type: SchemaType | undefined, name: string): boolean {
  return type?.kind === 'struct' && type.fields.has(name);
}

function typeBelow(type: SchemaType | undefined, element: string, name: string | undefined): SchemaType | undefined {
  if (!type) return undefined;
  if (name !== undefined) return type.kind === 'list' || type.kind === 'scalar' ? undefined : typeOfPart(type, name);
  return element.startsWith('k:') && type.kind === 'list' ? typeOfItem(type) : undefined;
}
