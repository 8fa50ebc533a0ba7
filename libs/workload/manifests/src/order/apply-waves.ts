import { needsOf, type Orderable } from './dependencies.ts';
import { kindRank, kindTier } from './kind-order.ts';
import { neededFirst } from './needed-first.ts';
import { phases, phasesOf, waveOf, type Phase } from './phase-and-wave.ts';

/** When something has its turn in a sync: in a phase, and there in a wave that somebody asked for. */
export interface Turn {
  /** `PreDelete` and `PostDelete` are no part of a sync: one comes before anything goes, one after everything else is gone. */
  readonly phase: Phase | 'PreDelete' | 'PostDelete';
  readonly wave: number;
}

/** Items that can be applied together. Several in a row may have the same turn: they follow, and wait for nobody's health. */
export interface TurnItems<Item> {
  readonly turn: Turn;
  readonly items: readonly Item[];
}

/**
 * Items in the order in which they are applied, in waves: each wave waits until the one before it is applied, within
 * one nothing has to wait. The order is that of Argo CD (phase, wave, kind, name), but what somebody needs (its
 * namespace, its definition, what it says it depends on) always comes before it, whatever its own wave says: it has its
 * turn when the first of them has. Nothing is left out: whether a hook is run at all is not decided here.
 */
export function applyTurns<Item extends Orderable>(items: readonly Item[]): TurnItems<Item>[] {
  const needs = needsOf(items);
  const ranks = new Map(items.map((item) => [item, rankOf(item)]));
  const inOrder = (some: readonly Item[]) => some.toSorted((a, b) => compareRanks(ranks.get(a)!, ranks.get(b)!));
  const waves: { readonly rank: Rank; readonly items: Set<Item> }[] = [];
  for (const { item, by } of neededFirst(inOrder(items), (one) => inOrder(needs.get(one)!))) {
    const rank = ranks.get(by)!;
    const last = waves.at(-1);
    const joins = last?.rank.stage === rank.stage && !needs.get(item)!.some((needed) => last.items.has(needed));
    if (joins) last.items.add(item);
    else waves.push({ rank, items: new Set([item]) });
  }
  return waves.map(({ rank, items: members }) => ({ turn: rank.turn, items: [...members] }));
}

/** The same without saying whose turn it is. */
export function applyWaves<Item extends Orderable>(items: readonly Item[]): Item[][] {
  return applyTurns(items).map((wave) => [...wave.items]);
}

/** Whether one turn comes before another, when negative. */
export function compareTurns(left: Turn, right: Turn): number {
  return phaseRank(left) - phaseRank(right) || left.wave - right.wave;
}

/** The same backwards: what others need goes last. */
export function pruneOrder<Item extends Orderable>(items: readonly Item[]): Item[][] {
  return applyWaves(items)
    .toReversed()
    .map((wave) => wave.toReversed());
}

function phaseRank({ phase }: Turn): number {
  // Before all others and after them: what is not found among them is -1.
  return phase === 'PostDelete' ? phases.length : phases.findIndex((one) => one === phase);
}

interface Rank {
  readonly turn: Turn;
  /** Items of one stage need not wait for each other's kind. */
  readonly stage: string;
  readonly numbers: readonly number[];
  readonly name: string;
}

function rankOf({ key, object }: Orderable): Rank {
  const phase = object ? phasesOf(object)[0] : 'Sync';
  const wave = object ? waveOf(object) : 0;
  const turn = { phase: phase ?? phases.at(-1)!, wave };
  const numbers = [phase === undefined ? phases.length : phases.indexOf(phase), wave, kindTier(key.kind)];
  const name = `${key.name ?? ''}\n${key.namespace ?? ''}\n${key.group}`;
  return { turn, stage: numbers.join(), numbers: [...numbers, kindRank(key.kind)], name };
}

function compareRanks(left: Rank, right: Rank): number {
  for (const [index, number] of left.numbers.entries()) {
    if (number !== right.numbers[index]) return number - right.numbers[index]!;
  }
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
