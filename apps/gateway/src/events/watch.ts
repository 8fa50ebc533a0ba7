import type { ChangedKind, StreamEvent } from '@flotilla/contracts';
import type { Change, Changes } from './changes.ts';
import type { SharedPages } from './shared-pages.ts';
import { lastingKinds } from './watched-nouns.ts';

export interface WatchOptions {
  readonly changes: Pick<Changes, 'follow'>;
  readonly pages: SharedPages;
  readonly project: string;
  readonly kinds: readonly ChangedKind[];
  readonly signal: AbortSignal;
}

/**
 * Everything of some kinds, a bookmark, and then each change. Following begins before the first read, so nothing falls
 * between; a thing that changed meanwhile is sent twice, which does no harm.
 */
export async function* watch({ changes, pages, project, kinds, signal }: WatchOptions): AsyncGenerator<StreamEvent> {
  const following = changes.follow(signal);
  const followed = pages.now();
  const known = new Map<ChangedKind, Known>();
  for (const kind of kinds) {
    const seen = new Set<string>();
    for await (const { id, object } of pages.items({ kind, project }, followed)) {
      seen.add(id);
      yield { type: 'ADDED', kind, object };
    }
    known.set(kind, { seen, since: pages.now() });
    yield { type: 'BOOKMARK', kind };
  }
  for await (const change of following) {
    // Changes were missed: the reader opens a new stream, which begins with everything there is.
    if (following.dropped > 0) return;
    const ofKind = known.get(change.kind);
    if (ofKind && change.project === project) yield* changedItems(pages, change, ofKind);
  }
}

/** What a stream told of one kind, and the moment at which it had told everything: nothing older is worth telling. */
interface Known {
  readonly seen: Set<string>;
  readonly since: number;
}

async function* changedItems(pages: SharedPages, change: Change, { seen, since }: Known): AsyncGenerator<StreamEvent> {
  const { kind, project, ids } = change;
  const lasting = lastingKinds.has(kind);
  const missing = new Set(ids);
  for await (const { id, object } of pages.items({ kind, project, change }, since)) {
    missing.delete(id);
    const isNew = !seen.has(id);
    remember(id, seen, lasting);
    // A ledger line is never modified: one that was sent is not sent again.
    if (kind !== 'event' || isNew) yield { type: isNew ? 'ADDED' : 'MODIFIED', kind, object };
  }
  if (lasting) return;
  for (const id of missing) {
    if (seen.delete(id)) yield { type: 'DELETED', kind, object: { metadata: { uid: id } } };
  }
}

/** A stream may stand for weeks: of nouns without end it remembers enough to tell new from old, and no more. */
const rememberedMax = 10_000;

function remember(id: string, seen: Set<string>, lasting: boolean): void {
  seen.add(id);
  if (!lasting || seen.size <= rememberedMax) return;
  const [oldest] = seen;
  seen.delete(oldest!);
}
