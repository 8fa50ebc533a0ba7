import type { ObjectKey } from '@flotilla/model';

/** What something waits for, before anybody asked since when. */
export interface Awaited {
  /** What waits, as a person would say it: `wave 2`. */
  readonly what: string;
  /** What it waits for: `Deployment apps/web`. */
  readonly on: string;
  readonly key?: ObjectKey | undefined;
  /** What is known of that. */
  readonly why: string;
  /** The word for it, where it is another than that it waits. */
  readonly code?: string;
  /** Where the wait has bounds of its own. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** What a target waits for among the other targets of its cluster. */
export interface NeighbourWaits {
  /** What it depends on is not there and well: nothing new is applied before it is. */
  readonly dependency?: Awaited | undefined;
  /** What depends on it leaves as well, and goes first. */
  readonly dependent?: Awaited | undefined;
}
