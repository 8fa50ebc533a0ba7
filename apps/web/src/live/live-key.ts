import type { LiveKind } from './live-state.ts';

/**
 * What an item of a kind is known by. Nouns carry a uid, a ledger line its id, a count its square of the grid; of a
 * deleted thing only the uid is told. `undefined` for something that this page cannot place.
 */
export function keyOf(kind: LiveKind, object: unknown): string | undefined {
  const { id, application, environment, metadata } = (object ?? {}) as Keyed;
  if (metadata) return metadata.uid;
  if (kind === 'event') return id;
  return kind === 'count' && application !== undefined ? countKey(application, environment ?? '') : undefined;
}

/** The key of one square of the grid, as the stream makes it. */
export function countKey(application: string, environment: string): string {
  return `${application}/${environment}`;
}

interface Keyed {
  readonly id?: string;
  readonly application?: string;
  readonly environment?: string;
  readonly metadata?: { readonly uid?: string };
}
