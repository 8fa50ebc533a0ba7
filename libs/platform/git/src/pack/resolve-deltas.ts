import { gitFault } from '../git-faults.ts';
import { gitObject, type GitObject } from '../objects/git-object.ts';
import { applyDelta, deltaSizes } from './apply-delta.ts';
import type { PullBudget } from './pull-budget.ts';

/** A delta that waits for its base: an entry at an offset of the pack, or an object by id. */
export interface PendingDelta {
  readonly offset: number;
  readonly base: number | string;
  readonly delta: Uint8Array;
}

/** An object, and where in the pack it stands; one from outside stands nowhere. */
export interface PlacedObject {
  readonly offset?: number;
  readonly object: GitObject;
}

export interface ResolveDeltasOptions {
  readonly budget: PullBudget;
  /** An object from outside the pack that a thin pack builds on. */
  readonly findBase: (oid: string) => Promise<GitObject | undefined>;
}

/**
 * Turns deltas into objects, each once, bases first. A delta whose base is neither in the pack nor held stays out: it
 * belongs to a part of the repository that nobody here reads.
 */
export async function resolveDeltas(
  whole: readonly PlacedObject[],
  deltas: readonly PendingDelta[],
  options: ResolveDeltasOptions,
): Promise<GitObject[]> {
  const waiting = byBase(deltas);
  const objects = whole.map(({ object }) => object);
  for (const placed of whole) grow(placed, { waiting, objects, budget: options.budget });
  for (const base of waiting.keys()) {
    const object = typeof base === 'string' ? await options.findBase(base) : undefined;
    if (object) grow({ object }, { waiting, objects, budget: options.budget });
  }
  return objects;
}

interface Growth {
  readonly waiting: Map<number | string, PendingDelta[]>;
  readonly objects: GitObject[];
  readonly budget: PullBudget;
}

/** Makes everything that builds on one object, layer by layer, so that a deep chain never deepens the call stack. */
function grow(root: PlacedObject, { waiting, objects, budget }: Growth): void {
  let layer: PlacedObject[] = [root];
  for (let depth = 0; layer.length > 0; depth++) {
    if (depth > budget.limits.deltaDepthMax) throw tooDeep(budget.limits.deltaDepthMax);
    const next: PlacedObject[] = [];
    for (const base of layer) {
      for (const { offset, delta } of takeWaiting(base, waiting)) {
        budget.spend(deltaSizes(delta).result);
        const object = gitObject(base.object.type, applyDelta(base.object.content, delta));
        next.push({ offset, object });
        objects.push(object);
      }
    }
    layer = next;
  }
}

function byBase(deltas: readonly PendingDelta[]): Map<number | string, PendingDelta[]> {
  const waiting = new Map<number | string, PendingDelta[]>();
  for (const delta of deltas) {
    const same = waiting.get(delta.base);
    if (same) same.push(delta);
    else waiting.set(delta.base, [delta]);
  }
  return waiting;
}

function takeWaiting({ offset, object }: PlacedObject, waiting: Map<number | string, PendingDelta[]>): PendingDelta[] {
  const byOffset = offset === undefined ? [] : (waiting.get(offset) ?? []);
  const byId = waiting.get(object.oid) ?? [];
  if (offset !== undefined) waiting.delete(offset);
  waiting.delete(object.oid);
  return [...byOffset, ...byId];
}

function tooDeep(depthMax: number) {
  return gitFault('GitDeltaTooDeep', { message: `the pack has deltas on deltas, more than ${depthMax} deep` });
}
