import { gitObject, type GitObject } from '../objects/git-object.ts';
import { packEntries } from './pack-entries.ts';
import { PackSource } from './pack-source.ts';
import type { PullBudget } from './pull-budget.ts';
import { resolveDeltas, type PendingDelta, type PlacedObject } from './resolve-deltas.ts';

export interface ReadPackOptions {
  readonly budget: PullBudget;
  readonly objectsMax: number;
  readonly findBase: (oid: string) => Promise<GitObject | undefined>;
}

/**
 * The objects of a pack, each under the id that its own content hashes to. A pack that does not hold what was asked for
 * therefore looks like one in which it is missing: there is no other way to lie.
 */
export async function readPack(chunks: AsyncIterable<Uint8Array>, options: ReadPackOptions): Promise<GitObject[]> {
  const source = new PackSource(chunks, options.budget.limits.packBytesMax);
  const whole: PlacedObject[] = [];
  const deltas: PendingDelta[] = [];
  try {
    for await (const { offset, header, data } of packEntries(source, options.budget, options.objectsMax)) {
      if (header.kind === 'whole') whole.push({ offset, object: gitObject(header.type, data) });
      else if (header.kind === 'id-delta') deltas.push({ offset, base: header.baseOid, delta: data });
      else deltas.push({ offset, base: offset - header.baseDistance, delta: data });
    }
  } finally {
    await source.close();
  }
  return resolveDeltas(whole, deltas, options);
}
