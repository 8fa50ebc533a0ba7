import { needsOf, type Orderable } from './dependencies.ts';
import { kindRank, kindTier } from './kind-order.ts';
import { neededFirst } from './needed-first.ts';
import { phases, phasesOf, waveOf } from './phase-and-wave.ts';

/**
 * Items in the order in which they are applied, in waves: each wave waits until the one before it is applied, within
 * one nothing has to wait. The order is that of Argo CD (phase, wave, kind, name), but what somebody needs (its
 * namespace, its definition, what it says it depends on) always comes before it, whatever its own wave says. Nothing is
 * left out: whether a hook is run at all is not decided here.
 */
export function applyWaves<Item extends Orderable>(items: readonly Item[]): Item[][] {
  const needs = needsOf(items);
  const ranks = new Map(items.map((item) => [item, rankOf(item)]));
  const inOrder = (some: readonly Item[]) => some.toSorted((a, b) => compareRanks(ranks.get(a)!, ranks.get(b)!));
  const waves: { readonly stage: string; readonly items: Set<Item> }[] = [];
  for (const { item, by } of neededFirst(inOrder(items), (one) => inOrder(needs.get(one)!))) {
    const { stage } = ranks.get(by)!;
    const last = waves.at(-1);
    const joins = last?.stage === stage && !needs.get(item)!.some((needed) => last.items.has(needed));
    if (joins) last.items.add(item);
    else waves.push({ stage, items: new Set([item]) });
  }
  return waves.map((wave) => [...wave.items]);
}

/** The same backwards: what others need goes last. */
export function pruneOrder<Item extends Orderable>(items: readonly Item[]): Item[][] {
  return applyWaves(items)
    .toReversed()
    .map((wave) => wave.toReversed());
}

interface Rank {
  /** Items of one stage need not wait for each other's kind. */
  readonly stage: string;
  readonly numbers: readonly number[];
  readonly name: string;
}

function rankOf({ key, object }: Orderable): Rank {
  const phase = object ? phasesOf(object)[0] : 'Sync';
  const wave = object ? waveOf(object) : 0;
  const numbers = [phase === undefined ? phases.length : phases.indexOf(phase), wave, kindTier(key.kind)];
  const name = `${key.name ?? ''}\n${key.namespace ?? ''}\n${key.group}`;
  return { stage: numbers.join(), numbers: [...numbers, kindRank(key.kind)], name };
}

function compareRanks(left: Rank, right: Rank): number {
  for (const [index, number] of left.numbers.entries()) {
    if (number !== right.numbers[index]) return number - right.numbers[index]!;
  }
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
