import type { ChangedKind } from '@flotilla/contracts';
import type { HealthStatus, Labels, SyncStatus } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { Page } from '../output/page.ts';
import type { Tone } from '../output/tones.ts';

/** What a list may be narrowed by, each with a flag of its own. */
export const filterNames = [
  'application',
  'environment',
  'cluster',
  'repository',
  'sync',
  'health',
  'subject',
  'actor',
  'action',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Checked against the noun before it sees them: there is nothing in here that its list does not know. */
export interface Filters {
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly repository?: string;
  readonly sync?: SyncStatus;
  readonly health?: HealthStatus;
  readonly subject?: string;
  readonly actor?: string;
  readonly action?: string;
  /** Moments of the wire. */
  readonly since?: string;
  readonly until?: string;
  readonly labelSelector?: string;
  /** How many the caller needs; a list may give more. */
  readonly limit?: number;
}

export interface Column<Item> {
  readonly header: string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
  /** Moves with time alone: a watch does not repeat a row because of it. */
  readonly moving?: boolean;
  /** Empty when there is nothing to say. */
  text(item: Item, now: number): string;
  tone?(item: Item): Tone | undefined;
}

/** One thing that people read and name: how it is called, listed, found, shown and followed. */
export interface Noun<Item = unknown> {
  readonly singular: string;
  readonly plural: string;
  readonly short: readonly string[];
  readonly columns: readonly Column<Item>[];
  /** The filters that the control plane knows for it, and where a thing says the same of itself. */
  readonly filters: { readonly [Name in FilterName]?: (item: Item) => string };
  /** A list that goes back without end: newest first, and not all of it unless it is asked for. */
  readonly endless?: boolean;
  /** There is one list of it, whichever project is looked at. */
  readonly outsideProjects?: boolean;
  /** Read from top to bottom as a story: the newest stands last. */
  readonly newestLast?: boolean;
  nameOf(item: Item): string;
  uidOf(item: Item): string;
  /** Present when `-l` selects by them. */
  labelsOf?(item: Item): Labels;
  list(api: Api, filters: Filters): AsyncIterable<Item>;
  /** The thing of this name or uid, when that can be asked for directly; otherwise the list is searched. */
  find?(api: Api, name: string): Promise<Item | undefined>;
  readonly watched?: Watched<Item>;
  /** More than columns: all that a person may want to know of one. */
  page?(api: Api, item: Item): Promise<Page>;
  /** The same for programs, when it is more than the item itself. */
  whole?(api: Api, item: Item): Promise<unknown>;
}

/** How a noun is followed. */
export interface Watched<Item> {
  readonly kinds: readonly ChangedKind[];
  /** What an event is about: an item, the name of one that has to be asked for, or nothing of this noun. */
  read(kind: ChangedKind, object: unknown): Item | AskFor | undefined;
}

/** The item has to be read again: the event does not carry all that is shown of it. */
export class AskFor {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Keeps the type of the items inside a noun's own file; outside, all nouns are alike. */
export function defineNoun<Item>(noun: Noun<Item>): Noun {
  return noun as unknown as Noun;
}
