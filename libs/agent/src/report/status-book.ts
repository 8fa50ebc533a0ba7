import { canonicalJson, isoTime, type Clock } from '@flotilla/foundation';
import { digestOf, sha256 } from '@flotilla/foundation/node';
import type { TargetStatus } from '@flotilla/model';

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
  /** Digests of what the control plane confirmed, by target. */
  readonly #stored = new Map<string, string>();
  /** Asked for every second, and almost always the same. */
  #storedDigest: string | undefined;

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
    // Behind all others, or those that change all the time would never let the others have their turn.
    this.#pages.delete(status.target);
    this.#pages.set(status.target, { status: entered, digest, bytes: Buffer.byteLength(text), traceparent });
    return true;
  }

  /** Strikes out a target that nobody asks about any more. */
  strike(target: string): void {
    this.#pages.delete(target);
    this.#stored.delete(target);
    this.#storedDigest = undefined;
  }

  get statuses(): readonly TargetStatus[] {
    return Array.from(this.#pages.values(), ({ status }) => status);
  }

  /** How many targets have news that is not confirmed. */
  get unconfirmedCount(): number {
    return [...this.#pages].filter(([target, { digest }]) => this.#stored.get(target) !== digest).length;
  }

  /** What is not confirmed yet, oldest news first: as much as fits, and one page however large it is. */
  unconfirmed({ itemsMax, bytesMax }: { readonly itemsMax: number; readonly bytesMax: number }): Page[] {
    const pages: Page[] = [];
    let bytes = 0;
    for (const [target, page] of this.#pages) {
      if (this.#stored.get(target) === page.digest) continue;
      bytes += page.bytes;
      if (pages.length === itemsMax || (pages.length > 0 && bytes > bytesMax)) break;
      pages.push(page);
    }
    return pages;
  }

  /** Whether something was entered for each of these targets, and all that was entered is confirmed. */
  hasSaid(targets: readonly string[]): boolean {
    const isOpen = this.unconfirmed({ itemsMax: 1, bytesMax: Infinity }).length > 0;
    return !isOpen && targets.every((target) => this.#pages.has(target));
  }

  confirm(pages: readonly Page[]): void {
    for (const { status, digest } of pages) if (this.#pages.has(status.target)) this.#stored.set(status.target, digest);
    this.#storedDigest = undefined;
  }

  /** Nothing counts as confirmed any more: everything is to be said again. */
  forgetConfirmations(): void {
    this.#stored.clear();
    this.#storedDigest = undefined;
  }

  /** The digest of all that is confirmed, once these pages are as well. Empty for nothing. */
  storedDigest(pages: readonly Page[] = []): string {
    if (pages.length === 0) return (this.#storedDigest ??= digestOfPages(this.#stored));
    return digestOfPages(
      new Map([...this.#stored, ...pages.map(({ status, digest }) => [status.target, digest] as const)]),
    );
  }
}

function digestOfPages(digests: ReadonlyMap<string, string>): string {
  return digests.size === 0 ? '' : digestOf([...digests].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

export type StatusPage = Page;
