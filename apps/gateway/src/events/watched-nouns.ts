import type { ChangedKind } from '@flotilla/contracts';
import type { LedgerReader } from '@flotilla/control-access';
import type { DeliveryReader } from '@flotilla/control-delivery';
import type { FleetReader } from '@flotilla/control-fleet';
import type { SourcesReader } from '@flotilla/control-sources';
import { documentKinds } from '@flotilla/model';
import { eventView, rolloutView } from '../views/delivery-views.ts';
import { documentView } from '../views/document-view.ts';
import { clusterView, targetView } from '../views/fleet-views.ts';
import { allItems } from '../views/pages.ts';

export interface Readers {
  readonly fleet: FleetReader;
  readonly delivery: DeliveryReader;
  readonly sources: SourcesReader;
  readonly ledger: LedgerReader;
}

/** One noun as a stream carries it: how it is identified, and how it looks. */
export interface WatchedItem {
  readonly id: string;
  readonly object: unknown;
}

/** What a watcher of one kind reads: everything at first, then what changed. */
export interface WatchedNoun {
  all(project: string): AsyncIterable<WatchedItem>;
  /** Of these ids those that still exist; the others were deleted. `*` among them stands for "something". */
  some(project: string, ids: readonly string[]): AsyncIterable<WatchedItem>;
  /** Grows without end and is never deleted: a stream carries the newest, and what is missing is only old. */
  readonly lasting?: boolean;
}

/** New kinds of stream arrive as one entry here. */
export function watchedNouns({ fleet, delivery, sources, ledger }: Readers): Record<ChangedKind, WatchedNoun> {
  const nouns = {
    target: {
      all: (project: string) =>
        mapped(
          allItems((page) => fleet.targets({ project, page })),
          targetView,
        ),
      some: (project: string, uids: readonly string[]) =>
        mapped(
          allItems((page) => fleet.targets({ project, uids, page })),
          targetView,
        ),
    },
    cluster: {
      all: (project: string) =>
        mapped(
          allItems((page) => fleet.clusters({ project, page })),
          clusterView,
        ),
      some: (project: string, uids: readonly string[]) =>
        mapped(
          allItems((page) => fleet.clusters({ project, uids, page })),
          clusterView,
        ),
    },
    rollout: newest(async (project) =>
      (await delivery.rollouts({ project, page: { limit: 100 } })).items.map(rolloutView),
    ),
    document: every(async function* (project) {
      for (const kind of documentKinds) {
        yield* mapped(
          allItems((page) => sources.documents({ project, kind, page })),
          (record) => documentView(record),
        );
      }
    }),
    count: {
      all: (project: string) => counts(fleet, project),
      some: (project: string, ids: readonly string[]) => filtered(counts(fleet, project), ids),
    },
    event: {
      lasting: true,
      all: (project: string) => events(ledger, project),
      some: (project: string) => events(ledger, project),
    },
  };
  return nouns;
}

type View = { readonly metadata: { readonly uid: string } };

async function* mapped<Item>(items: AsyncIterable<Item>, view: (item: Item) => View): AsyncGenerator<WatchedItem> {
  for await (const item of items) {
    const object = viewIfAny(item, view);
    if (object) yield { id: object.metadata.uid, object };
  }
}

/** A row that makes no sense hides itself and no other; lists tell of it. */
function viewIfAny<Item>(item: Item, view: (item: Item) => View): View | undefined {
  try {
    return view(item);
  } catch {
    return undefined;
  }
}

function every(all: (project: string) => AsyncIterable<WatchedItem>): WatchedNoun {
  return { all, some: (project, ids) => filtered(all(project), ids) };
}

/** Of nouns that grow without end a stream carries the newest ones. */
function newest(read: (project: string) => Promise<View[]>): WatchedNoun {
  const noun = every(async function* (project) {
    for (const object of (await read(project)).toReversed()) yield { id: object.metadata.uid, object };
  });
  return { ...noun, lasting: true };
}

async function* filtered(items: AsyncIterable<WatchedItem>, ids: readonly string[]): AsyncGenerator<WatchedItem> {
  const wanted = new Set(ids);
  for await (const item of items) if (wanted.has(item.id)) yield item;
}

async function* counts(fleet: FleetReader, project: string): AsyncGenerator<WatchedItem> {
  for (const count of await fleet.counts(project))
    yield { id: `${count.application}/${count.environment}`, object: count };
}

/** Ledger lines never change: each is sent once, and the stream remembers which it has sent. */
async function* events(ledger: LedgerReader, project: string): AsyncGenerator<WatchedItem> {
  const { items } = await ledger.events({ project, page: { limit: 100 } });
  for (const event of items.toReversed()) yield { id: event.id, object: eventView(event) };
}
