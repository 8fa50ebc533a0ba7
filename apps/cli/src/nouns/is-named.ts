import type { Noun } from './noun.ts';

/** Whether somebody who says this name or uid means this thing. */
export function isNamed<Item>(noun: Noun<Item>, item: Item, name: string): boolean {
  return noun.nameOf(item) === name || noun.uidOf(item) === name;
}

/** The same where several may be named, and no name means all. */
export function isAmong<Item>(noun: Noun<Item>, item: Item, names: readonly string[]): boolean {
  return names.length === 0 || names.some((name) => isNamed(noun, item, name));
}
