import type { ChangedKind } from '@flotilla/contracts';
import type { LedgerReader } from '@flotilla/control-access';
import type { DeliveryReader } from '@flotilla/control-delivery';
import type { FleetReader } from '@flotilla/control-fleet';
import type { SourcesReader } from '@flotilla/control-sources';
import { documentKinds, type Page, type PageRequest } from '@flotilla/model';
import { eventView, rolloutView } from '../views/delivery-views.ts';
import { documentView } from '../views/document-view.ts';
import { clusterView, targetView } from '../views/fleet-views.ts';
import { allItems, pageRequest } from '../views/pages.ts';

export interface Readers {
  readonly fleet: FleetReader;
  readonly delivery: DeliveryReader;
  readonly sources: SourcesReader;
  readonly ledger: LedgerReader;
}

/** One noun as a stream carries it: how it is identified, and its view, written out once for all who are told of it. */
export interface WatchedItem {
  readonly id: string;
  readonly json: string;
}

/** What a watcher of one kind reads: everything at first, then what changed. */
export interface WatchedNoun {
  /** Of these ids those that still exist; the others were deleted. Without ids, everything. */
  page(project: string, part: WatchedPart): Promise<Page<WatchedItem>>;
}

/** Nouns that grow without end and are never deleted: a stream carries the newest, and what is missing is only old. */
export const lastingKinds: ReadonlySet<ChangedKind> = new Set(['rollout', 'event']);

export interface WatchedPart {
  readonly ids?: readonly string[];
  readonly cursor?: string;
}

/** New kinds of stream arrive as one entry here. */
export function watchedNouns({ fleet, delivery, sources, ledger }: Readers): Record<ChangedKind, WatchedNoun> {
  return {
    target: paged((query) => fleet.targets(query), targetView),
    cluster: paged((query) => fleet.clusters(query), clusterView),
    rollout: { page: async (project, { ids }) => ({ items: await rollouts(delivery, project, ids) }) },
    document: whole((project) => documents(sources, project)),
    count: whole((project) => counts(fleet, project)),
    event: { page: async (project) => ({ items: await events(ledger, project) }) },
  };
}

type View = { readonly metadata: { readonly uid: string } };

interface PagedQuery {
  readonly project: string;
  readonly page: PageRequest;
  readonly uids?: readonly string[];
}

/** As many as a list gives at once. */
const limit = 500;

function paged<Item>(read: (query: PagedQuery) => Promise<Page<Item>>, view: (item: Item) => View): WatchedNoun {
  const page = async (project: string, { ids, cursor }: WatchedPart) => {
    const request = pageRequest({ limit, ...(cursor && { cursor }) });
    const { items, nextCursor } = await read({ project, page: request, ...(ids && { uids: ids }) });
    return { items: items.flatMap((item) => itemIfAny(item, view)), ...(nextCursor && { nextCursor }) };
  };
  return { page };
}

/** What fits on one page, and is read whole even where only some of it changed. */
function whole(all: (project: string) => Promise<WatchedItem[]>): WatchedNoun {
  const page = async (project: string, { ids }: WatchedPart) => {
    const items = await all(project);
    const wanted = ids && new Set(ids);
    return { items: wanted ? items.filter(({ id }) => wanted.has(id)) : items };
  };
  return { page };
}

function itemOf(object: View): WatchedItem {
  return { id: object.metadata.uid, json: JSON.stringify(object) };
}

/** A row that makes no sense hides itself and no other; lists tell of it. */
function itemIfAny<Item>(item: Item, view: (item: Item) => View): readonly WatchedItem[] {
  try {
    return [itemOf(view(item))];
  } catch {
    return [];
  }
}

async function documents(sources: SourcesReader, project: string): Promise<WatchedItem[]> {
  const items: WatchedItem[] = [];
  for (const kind of documentKinds) {
    for await (const record of allItems((page) => sources.documents({ project, kind, page }))) {
      items.push(...itemIfAny(record, documentView));
    }
  }
  return items;
}

async function counts(fleet: FleetReader, project: string): Promise<WatchedItem[]> {
  const all = await fleet.counts(project);
  return all.map((count) => ({ id: `${count.application}/${count.environment}`, json: JSON.stringify(count) }));
}

/**
 * What changed; at first the newest, and all that have something left to do: where one commit enters hundreds of
 * environments, those are not the newest. In the order in which they began.
 */
async function rollouts(
  delivery: DeliveryReader,
  project: string,
  ids: readonly string[] | undefined,
): Promise<WatchedItem[]> {
  const parts = ids
    ? [{ uids: ids, page: { limit: ids.length } }]
    : [{ page: { limit: 100 } }, { open: true, page: { limit } }];
  const pages = await Promise.all(parts.map((part) => delivery.rollouts({ project, ...part })));
  const found = new Map(pages.flatMap(({ items }) => items).map((rollout) => [rollout.uid, rollout]));
  const inOrder = [...found.values()].toSorted((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
  return inOrder.map((rollout) => itemOf(rolloutView(rollout)));
}

/** Ledger lines never change: each is sent once, and the stream remembers which it has sent. */
async function events(ledger: LedgerReader, project: string): Promise<WatchedItem[]> {
  const { items } = await ledger.events({ project, page: { limit: 100 } });
  return items.toReversed().map((event) => ({ id: event.id, json: JSON.stringify(eventView(event)) }));
}
