import { isList, isObject, type Json, type JsonDraft, type ListType, type SchemaType } from '../schema/schema-type.ts';
import { itemElement } from './path-element.ts';
import { isAtomic, isEmptyList, isEmptyMap, shapeOf, typeOfPart } from './values.ts';

type Value = Json | undefined;

/**
 * The left value with everything that the right one mentions. Nothing is removed: maps and keyed lists keep what only
 * the left one has. Parts that do not change are shared with the left value.
 */
export function mergeValues(type: SchemaType, left: Value, right: Value): Value {
  if (right === undefined || left === right) return left;
  if (left === undefined) return right;
  const shape = shapeOf(type, right);
  if (shape === 'scalar' || isAtomic(type, shape)) return right;
  if (shape === 'map') return isEmptyMap(left) && isEmptyMap(right) ? right : mergeFields(type, left, right);
  if (isEmptyList(left) && isEmptyList(right)) return right;
  return mergeItems(type as ListType, isList(left) ? left : [], isList(right) ? right : []);
}

function mergeFields(type: SchemaType, left: Json, right: Json): Value {
  if (!isObject(left)) return right;
  if (!isObject(right)) return left;
  let merged: JsonDraft | undefined;
  for (const name in right) {
    const value = mergeValues(typeOfPart(type, name), left[name], right[name]);
    if (value === left[name]) continue;
    merged ??= { ...left };
    merged[name] = value;
  }
  return merged ?? left;
}

/**
 * Items that both have are merged; the order is the right one's where it says anything, with the items that only the
 * left one has staying where they were between their neighbours.
 */
function mergeItems(type: ListType, left: readonly Json[], right: readonly Json[]): Value {
  const merge = new ItemMerge(type, left, right);
  while (!merge.done) merge.step();
  const { items } = merge;
  if (items.length === left.length && items.every((item, index) => item === left[index])) return left;
  return items.length > 0 ? items : undefined;
}

class ItemMerge {
  readonly items: Json[] = [];
  readonly #type: ListType;
  readonly #left: readonly Json[];
  readonly #leftElements: readonly string[];
  readonly #rightElements: readonly string[];
  readonly #leftItems: ReadonlyMap<string, Json>;
  readonly #rightItems: ReadonlyMap<string, Json>;
  readonly #merged = new Set<string>();
  /** The elements that both lists have, in the right list's order, still to come. */
  readonly #shared: string[];
  #leftAt = 0;
  #rightAt = 0;

  constructor(type: ListType, left: readonly Json[], right: readonly Json[]) {
    this.#type = type;
    this.#left = left;
    this.#leftElements = left.map((item) => elementOf(type, item));
    this.#rightElements = right.map((item) => elementOf(type, item));
    this.#leftItems = indexItems(this.#leftElements, left);
    this.#rightItems = indexItems(this.#rightElements, right);
    this.#shared = this.#rightElements.filter((element) => this.#leftItems.has(element));
  }

  get done(): boolean {
    return this.#leftAt >= this.#leftElements.length && this.#rightAt >= this.#rightElements.length;
  }

  step(): void {
    const leftElement = this.#leftElements[this.#leftAt];
    const rightElement = this.#rightElements[this.#rightAt];
    if (leftElement !== undefined && rightElement !== undefined) {
      if (leftElement === rightElement) return this.#takeBoth(leftElement);
      const next = this.#shared[0];
      if (this.#rightItems.has(leftElement) && next !== undefined && next !== leftElement) {
        // Both have it, but the right list wants another one first.
        this.#leftAt++;
        return;
      }
    }
    if (leftElement !== undefined) {
      if (!this.#rightItems.has(leftElement)) return this.#takeLeft();
      if (this.#merged.has(leftElement)) this.#leftAt++;
    }
    if (rightElement !== undefined) this.#takeRight(rightElement);
  }

  #takeBoth(element: string): void {
    this.#merge(element);
    this.#leftAt++;
    this.#rightAt++;
    this.#shared.shift();
  }

  #takeLeft(): void {
    this.items.push(this.#left[this.#leftAt]!);
    this.#leftAt++;
  }

  #takeRight(element: string): void {
    this.#merge(element);
    this.#rightAt++;
    if (this.#shared[0] === element) this.#shared.shift();
  }

  #merge(element: string): void {
    this.#merged.add(element);
    const item = mergeValues(this.#type.element, this.#leftItems.get(element), this.#rightItems.get(element));
    if (item !== undefined) this.items.push(item);
  }
}

/** An item that occurs twice cannot be merged with: it stands for null, which takes whatever it is merged with. */
function indexItems(elements: readonly string[], items: readonly Json[]): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [index, element] of elements.entries()) found.set(element, found.has(element) ? null : items[index]!);
  return found;
}

/** Values were checked before they are merged: each item has its element. */
function elementOf(type: ListType, item: Json): string {
  const found = itemElement(type, item);
  return found.ok ? found.element : '';
}
