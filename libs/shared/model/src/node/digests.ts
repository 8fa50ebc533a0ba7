import { digestOf, sha256 } from '@flotilla/foundation/node';
import type { DesiredEntry } from '../desired-set.ts';
import type { RenderSettings } from '../documents/render-settings.ts';
import { plainRenderer, renderersOf } from '../renderer.ts';

const known = new WeakMap<DesiredEntry, string>();

/** The digest of one entry. Entries never change, so each is digested once. */
export function entryDigest(entry: DesiredEntry): string {
  const digest = known.get(entry) ?? digestOf(entry);
  known.set(entry, digest);
  return digest;
}

/** The digest of what an entry says, whenever it was said: generations of two epochs cannot be compared. */
export function contentDigest(entry: DesiredEntry): string {
  return digestOf({ ...entry, generation: 0 });
}

/**
 * The digest of a whole set: over the sorted digests of its entries, so that both sides can keep the digests of
 * unchanged entries and a change costs what changed.
 */
export function setDigest(entryDigests: Iterable<string>): string {
  return sha256([...entryDigests].toSorted().join('\n'));
}

/** What goes into a target before any cluster is known. A tree that is absent at the commit has `undefined`. */
export interface SourceInputs {
  readonly repository: string;
  readonly path: string;
  /** Tree ids of the path and of the shared inputs, in the order in which they are declared. */
  readonly trees: readonly (string | undefined)[];
  /** What the application says of rendering, for this environment; where it says nothing, its files alone decide. */
  readonly render?: RenderSettings | undefined;
}

/** Equal on every cluster of an environment; releases, approvals and rollbacks speak of it. */
export function sourceDigest({ render, ...inputs }: SourceInputs): string {
  return digestOf({ ...inputs, renderer: plainRenderer, ...(render && { render, renderers: renderersOf(render) }) });
}
