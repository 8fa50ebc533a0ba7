import type { Clock, Fault, Random, Running } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import type { Selection } from '../client/list-pages.ts';
import type { WatchEvent } from './object-cache.ts';

export interface WatchKindOptions<Kept> extends Selection {
  /** Reduces an object to what is worth its memory. It must not hold on to the object itself. */
  readonly keep: (object: KubeObject) => Kept;
  readonly onChange: (event: WatchEvent<Kept>) => void;
  /** Told why a watch had to begin again; it does so by itself. */
  readonly onProblem?: (problem: Fault) => void;
  readonly clock: Clock;
  readonly random: Random;
  /** How many objects a page of the list may hold. */
  readonly limit?: number;
  /** A stream without as much as a bookmark for so long is cut and resumed. */
  readonly silenceMaxMs?: number;
}

/** How a watch is doing, for probes and measurements. */
export interface WatchHealth {
  /** Since when the current stream is open; absent while there is none. */
  readonly connectedSince?: number;
  readonly lastEventAt?: number;
  /** Complete lists after the first. */
  readonly relists: number;
  /** Events and items that could not be used. */
  readonly poisoned: number;
  /** What went wrong last since the stream was opened, or why there is none. */
  readonly problem?: Fault;
}

/** A live view of the objects of one kind, which keeps itself up to date until it is stopped. */
export interface WatchCache<Kept> extends Running {
  /** Resolves when the first complete list is in the cache, or when the watch is stopped before. */
  readonly synced: Promise<void>;
  get(key: ObjectKey): Kept | undefined;
  all(): IterableIterator<{ readonly key: ObjectKey; readonly kept: Kept }>;
  health(): WatchHealth;
}
