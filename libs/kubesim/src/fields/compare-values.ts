import { isList, isObject, type Json, type ListType, type SchemaType } from '../schema/schema-type.ts';
import { insertPath, newSet, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { equalValues, isAtomic, isEmptyList, isEmptyMap, shapeOf, typeOfPart, type Shape } from './values.ts';

/** The fields in which two values of one type differ. No field is in two of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

type Value = Json | undefined;

export function compareValues(type: SchemaType, left: Json, right: Json): Comparison {
  const walk = new Walk();
  walk.compare(type, left, right);
  return walk.found;
}

class Walk {
  readonly found: Comparison = { removed: newSet(), modified: newSet(), added: newSet() };
  readonly #path: string[] = [];

  compare(type: SchemaType, left: Value, right: Value): void {
    if (left === right) return;
    const leftShape = shapeOf(type, left);
    const rightShape = shapeOf(type, right);
    let isLeaf: boolean;
    if (right === undefined) {
      isLeaf = this.#compareAs(leftShape, type, left, right);
    } else {
      // A free-form value that changed its shape is compared in both.
      if (left !== undefined && leftShape !== rightShape) this.#compareAs(leftShape, type, left, right);
      isLeaf = this.#compareAs(rightShape, type, left, right);
    }
    if (isLeaf) return;
    if (left === undefined) this.#note(this.found.added);
    else if (right === undefined) this.#note(this.found.removed);
  }

  /** True when the value was one leaf, false when its parts were compared. */
  #compareAs(shape: Shape, type: SchemaType, left: Value, right: Value): boolean {
    const bothEmpty =
      shape === 'list' ? isEmptyList(left) && isEmptyList(right) : isEmptyMap(left) && isEmptyMap(right);
    if (shape === 'scalar' || isAtomic(type, shape) || bothEmpty) {
      this.#compareLeaf(left, right);
      return true;
    }
    if (shape === 'map') this.#compareFields(type, left, right);
    else this.#compareItems(type as ListType, isList(left) ? left : [], isList(right) ? right : []);
    return false;
  }

  #compareLeaf(left: Value, right: Value): void {
    if (left === undefined) this.#note(this.found.added);
    else if (right === undefined) this.#note(this.found.removed);
    else if (!equalValues(left, right)) this.#note(this.found.modified);
  }

  #compareFields(type: SchemaType, left: Value, right: Value): void {
    const [leftFields, rightFields] = [isObject(left) ? left : {}, isObject(right) ? right : {}];
    for (const name in leftFields) {
      if (leftFields[name] !== undefined) this.#compareField(type, name, leftFields[name], rightFields[name]);
    }
    for (const name in rightFields) {
      if (leftFields[name] === undefined && rightFields[name] !== undefined) {
        this.#compareField(type, name, undefined, rightFields[name]);
      }
    }
  }

  #compareField(type: SchemaType, name: string, left: Value, right: Value): void {
    if (left === right) return;
    this.#below(fieldElement(name), () => this.compare(typeOfPart(type, name), left, right));
  }

  #compareItems(type: ListType, left: readonly Json[], right: readonly Json[]): void {
    const [leftItems, rightItems] = [byElement(type, left), byElement(type, right)];
    for (const element of new Set([...leftItems.keys(), ...rightItems.keys()])) {
      const [lefts, rights] = [leftItems.get(element) ?? [], rightItems.get(element) ?? []];
      this.#below(element, () => this.#compareItem(type, lefts, rights));
    }
  }

  /** Items that occur more than once are compared as a whole. */
  #compareItem(type: ListType, lefts: readonly Json[], rights: readonly Json[]): void {
    if (lefts.length <= 1 && rights.length <= 1) {
      this.compare(type.element, lefts[0], rights[0]);
    } else if (lefts.length >= 2 && rights.length >= 2) {
      if (!equalValues(lefts, rights)) this.#note(this.found.modified);
    } else if (lefts.length >= 2) {
      if (rights.length > 0) this.compare(type.element, undefined, rights[0]);
      this.#note(this.found.removed);
    } else {
      if (lefts.length > 0) this.compare(type.element, lefts[0], undefined);
      this.#note(this.found.added);
    }
  }

  #below(element: string, compare: () => void): void {
    this.#path.push(element);
    compare();
    this.#path.pop();
  }

  #note(set: FieldSet): void {
    insertPath(set, this.#path);
  }
}

function byElement(type: ListType, items: readonly Json[]): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  for (const item of items) {
    const key = itemElement(type, item);
    if (!key.ok) continue;
    const same = found.get(key.element);
    if (same) same.push(item);
    else found.set(key.element, [item]);
  }
  return found;
}
