import { canonicalJson, isoTime, type Clock } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { TargetStatus } from '@flotilla/model';
import { DigestSum } from './digest-sum.ts';

interface Page {
  readonly status: TargetStatus;
  readonly digest: string;
  readonly bytes: number;
  readonly traceparent: string | undefined;
}

/** The record of what this cluster's targets are like. The agent is its author; the control plane holds a copy. */
export class StatusBook {
  readonly #clock: Clock;
  readonly #pages = new Map<string, Page>();
  /** Those of them that are not confirmed, oldest news first. */
  readonly #news = new Map<string, Page>();
  /** Digests of what the control plane confirmed, by target. */
  readonly #stored = new DigestSum();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Enters a status and says whether it is news. `since` moves only when sync or health does. */
  enter(status: Omit<TargetStatus, 'since'>, traceparent: string | undefined): boolean {
    const before = this.#pages.get(status.target);
    const same = before?.status.sync === status.sync && before.status.health === status.health;
    const entered = { ...status, since: same ? before.status.since : isoTime(this.#clock.now()) };
    const text = canonicalJson(entered);
    const digest = sha256(text);
    if (before?.digest === digest) return false;
    const page = { status: entered, digest, bytes: Buffer.byteLength(text), traceparent };
    this.#pages.set(status.target, page);
    this.#await(page);
    return true;
  }

  /** Strikes out a target that nobody asks about any more. */
  strike(target: string): void {
    this.#pages.delete(target);
    this.#news.delete(target);
    this.#stored.delete(target);
  }

  get statuses(): readonly TargetStatus[] {
    return Array.from(this.#pages.values(), ({ status }) => status);
  }

  /** How many targets have news that is not confirmed. */
  get unconfirmedCount(): number {
    return this.#news.size;
  }

  /** What is not confirmed yet, oldest news first: as much as fits, and one page however large it is. */
  unconfirmed({ itemsMax, bytesMax }: { readonly itemsMax: number; readonly bytesMax: number }): Page[] {
    const pages: Page[] = [];
    let bytes = 0;
    for (const page of this.#news.values()) {
      bytes += page.bytes;
      if (pages.length === itemsMax || (pages.length > 0 && bytes > bytesMax)) break;
      pages.push(page);
    }
    return pages;
  }

  /** Whether something was entered for each of these targets, and all that was entered is confirmed. */
  hasSaid(targets: readonly string[]): boolean {
    return this.#news.size === 0 && targets.every((target) => this.#pages.has(target));
  }

  confirm(pages: readonly Page[]): void {
    for (const { status, digest } of pages) {
      const page = this.#pages.get(status.target);
      if (!page) continue;
      this.#stored.set(status.target, digest);
      this.#await(page);
    }
  }

  /** Nothing counts as confirmed any more: everything is to be said again. */
  forgetConfirmations(): void {
    this.#stored.clear();
    for (const page of this.#pages.values()) this.#await(page);
  }

  /** The digest of all that is confirmed, once these pages are as well. Empty for nothing. */
  storedDigest(pages: readonly Page[] = []): string {
    return this.#stored.digestWith(pages.map(({ status, digest }) => [status.target, digest]));
  }

  /** Whether there is news on this page; if so it goes behind all others, or what changes all the time would hide them. */
  #await(page: Page): void {
    const { target } = page.status;
    this.#news.delete(target);
    if (this.#stored.get(target) !== page.digest) this.#news.set(target, page);
  }
}

export type StatusPage = Page;
