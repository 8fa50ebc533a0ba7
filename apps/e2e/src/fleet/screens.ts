import { Worker } from 'node:worker_threads';
import type { ChangedKind } from '@flotilla/contracts';
import { Fault, systemClock, type Running } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import type { PlaneFixture } from '../support/plane-fixture.ts';

/** What a thread of screens is told when it starts. */
export interface ScreenPlace {
  readonly urls: readonly string[];
  readonly token: string;
  readonly screens: number;
  readonly kinds: readonly ChangedKind[];
}

/** What a thread of screens says. */
export type ScreenWord =
  | { readonly word: 'begun'; readonly screen: number; readonly at: number }
  | { readonly word: 'count'; readonly screen: number; readonly at: number; readonly object: object }
  | { readonly word: 'left'; readonly screen: number; readonly why: string };

/** A count as far as it matters here. */
interface Count {
  readonly revision?: string;
  readonly sync: Readonly<Record<string, number>>;
  readonly health: Readonly<Record<string, number>>;
}

/** What the page of the control plane follows. */
const kinds: readonly ChangedKind[] = ['count', 'cluster', 'target', 'document', 'event'];

/** Many screens that follow what happens, each over a stream of its own; a thread reads them all, to leave this one alone. */
export class Screens implements Running {
  readonly count: number;
  readonly openedMs: Promise<number>;
  readonly #worker: Worker;
  readonly #begun = new Set<number>();
  /** For each commit, which screens were told that so many targets of it are well. */
  readonly #told = new Map<string, Set<number>>();
  #lastAt = 0;
  #left = '';

  constructor({ urls, secrets }: PlaneFixture, count: number) {
    this.count = count;
    const place: ScreenPlace = { urls, token: secrets.bootstrapToken, screens: count, kinds };
    this.#worker = new Worker(new URL('screens-worker.js', import.meta.url), { workerData: place });
    this.#worker.on('message', (word: ScreenWord) => this.#hear(word));
    this.openedMs = this.#opened(systemClock.now());
  }

  /** When the last screen was told that all targets of a commit are well. */
  async seen(commit: string, targets: number, timeoutMs: number): Promise<number> {
    const key = keyOf(commit, targets);
    const what = `${this.count} screens to be told that ${targets} targets are well`;
    await until(() => this.#standing() && this.#told.get(key)?.size === this.count, {
      what,
      timeoutMs,
      intervalMs: 20,
    });
    return this.#lastAt;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  async #opened(since: number): Promise<number> {
    const what = `${this.count} screens to know everything`;
    await until(() => this.#standing() && this.#begun.size === this.count, { what, timeoutMs: 120_000 });
    return this.#lastAt - since;
  }

  #standing(): boolean {
    if (!this.#left) return true;
    throw new Fault({ code: 'unavailable', reason: 'ScreenLeft', message: `a screen was cut off: ${this.#left}` });
  }

  #hear(word: ScreenWord): void {
    if (word.word === 'left') return void (this.#left ||= word.why);
    this.#lastAt = word.at;
    if (word.word === 'begun') return void this.#begun.add(word.screen);
    const { revision, sync, health } = word.object as Count;
    if (!revision || sync['Synced'] !== health['Healthy']) return;
    const key = keyOf(revision, health['Healthy'] ?? 0);
    const told = this.#told.get(key) ?? new Set();
    this.#told.set(key, told.add(word.screen));
  }
}

function keyOf(commit: string, targets: number): string {
  return `${commit} ${targets}`;
}
