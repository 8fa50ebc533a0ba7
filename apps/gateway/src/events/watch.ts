import type { ChangedKind, StreamEvent } from '@flotilla/contracts';
import type { Changes } from './changes.ts';
import type { WatchedNoun } from './watched-nouns.ts';

export interface WatchOptions {
  readonly changes: Pick<Changes, 'follow'>;
  readonly nouns: Readonly<Record<ChangedKind, WatchedNoun>>;
  readonly project: string;
  readonly kinds: readonly ChangedKind[];
  readonly signal: AbortSignal;
}

/**
 * Everything of some kinds, a bookmark, and then each change. Following begins before the first read, so nothing falls
 * between; a thing that changed meanwhile is sent twice, which does no harm.
 */
export async function* watch({ changes, nouns, project, kinds, signal }: WatchOptions): AsyncGenerator<StreamEvent> {
  const following = changes.follow(signal);
  const known = new Map(kinds.map((kind) => [kind, new Set<string>()]));
  for (const kind of kinds) {
    for await (const { id, object } of nouns[kind].all(project)) {
      known.get(kind)!.add(id);
      yield { type: 'ADDED', kind, object };
    }
    yield { type: 'BOOKMARK', kind };
  }
  for await (const change of following) {
    // Changes were missed: the reader opens a new stream, which begins with everything there is.
    if (following.dropped > 0) return;
    const seen = known.get(change.kind);
    if (!seen || change.project !== project) continue;
    yield* changedItems({ noun: nouns[change.kind], seen, ...change, ids: [...change.ids] });
  }
}

interface ChangedItems {
  readonly noun: WatchedNoun;
  readonly seen: Set<string>;
  readonly kind: ChangedKind;
  readonly project: string;
  readonly ids: readonly string[];
}

async function* changedItems({ noun, seen, kind, project, ids }: ChangedItems): AsyncGenerator<StreamEvent> {
  const missing = new Set(ids);
  for await (const { id, object } of noun.some(project, ids)) {
    missing.delete(id);
    const isNew = !seen.has(id);
    remember(id, seen, noun);
    // A ledger line is never modified: one that was sent is not sent again.
    if (kind !== 'event' || isNew) yield { type: isNew ? 'ADDED' : 'MODIFIED', kind, object };
  }
  if (noun.lasting) return;
  for (const id of missing) {
    if (seen.delete(id)) yield { type: 'DELETED', kind, object: { metadata: { uid: id } } };
  }
}

/** A stream may stand for weeks: of nouns without end it remembers enough to tell new from old, and no more. */
const rememberedMax = 10_000;

function remember(id: string, seen: Set<string>, { lasting }: WatchedNoun): void {
  seen.add(id);
  if (!lasting || seen.size <= rememberedMax) return;
  const [oldest] = seen;
  seen.delete(oldest!);
}
