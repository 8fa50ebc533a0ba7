import type { ChangedKind, StreamEvent } from '@flotilla/contracts';
import type { Change, Changes } from './changes.ts';
import type { SharedPages } from './shared-pages.ts';
import { lastingKinds, type WatchedItem } from './watched-nouns.ts';

export interface WatchOptions {
  readonly changes: Pick<Changes, 'follow'>;
  readonly pages: SharedPages;
  readonly project: string;
  readonly kinds: readonly ChangedKind[];
  readonly signal: AbortSignal;
}

/** What a stream tells of one thing; the view is written out already. */
export interface ToldEvent {
  readonly type: StreamEvent['type'];
  readonly kind: ChangedKind;
  readonly json?: string;
}

/**
 * Everything of some kinds, a bookmark, and then each change; what was read together comes together. Following begins
 * before the first read, so nothing falls between; a thing that changed meanwhile is sent twice, which does no harm.
 */
export async function* watch(options: WatchOptions): AsyncGenerator<readonly ToldEvent[]> {
  const { changes, pages, project, kinds, signal } = options;
  const following = changes.follow(signal);
  const followed = pages.now();
  const known = new Map<ChangedKind, Known>();
  for (const kind of kinds) {
    const seen = new Set<string>();
    for await (const items of pages.pages({ kind, project }, followed)) {
      for (const { id } of items) seen.add(id);
      yield items.map(({ json }) => ({ type: 'ADDED', kind, json }));
    }
    known.set(kind, { seen, since: pages.now() });
    yield [{ type: 'BOOKMARK', kind }];
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

async function* changedItems(
  pages: SharedPages,
  change: Change,
  { seen, since }: Known,
): AsyncGenerator<readonly ToldEvent[]> {
  const { kind, project, ids } = change;
  const missing = new Set(ids);
  for await (const items of pages.pages({ kind, project, change }, since)) {
    for (const { id } of items) missing.delete(id);
    yield items.flatMap((item) => changedItem(item, kind, seen));
  }
  if (lastingKinds.has(kind)) return;
  const gone = [...missing].filter((id) => seen.delete(id));
  yield gone.map((uid) => ({ type: 'DELETED', kind, json: JSON.stringify({ metadata: { uid } }) }));
}

function changedItem({ id, json }: WatchedItem, kind: ChangedKind, seen: Set<string>): readonly ToldEvent[] {
  const isNew = !seen.has(id);
  remember(id, seen, lastingKinds.has(kind));
  // A ledger line is never modified: one that was sent is not sent again.
  if (kind === 'event' && !isNew) return [];
  return [{ type: isNew ? 'ADDED' : 'MODIFIED', kind, json }];
}

/** A stream may stand for weeks: of nouns without end it remembers enough to tell new from old, and no more. */
const rememberedMax = 10_000;

function remember(id: string, seen: Set<string>, lasting: boolean): void {
  seen.add(id);
  if (!lasting || seen.size <= rememberedMax) return;
  const [oldest] = seen;
  seen.delete(oldest!);
}
