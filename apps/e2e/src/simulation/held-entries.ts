import type { Clock } from '@flotilla/foundation';

/** How long a word may take to be heard, and a request to be under way. */
export const hearingMs = 60_000;

interface Held<Entry> {
  readonly entry: Entry;
  replacedAt: number;
}

/** What agents hold, place by place, and what they held a moment ago: a request may still be of that. */
export class HeldEntries<Entry> {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held<Entry>[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** This is held there now. */
  see(place: string, entry: Entry): void {
    const held = this.#held.get(place) ?? [];
    if (held.at(-1)?.entry === entry) return;
    const now = this.#clock.now();
    if (held.length > 0) held.at(-1)!.replacedAt = now;
    this.#held.set(place, [
      ...held.filter(({ replacedAt }) => now - replacedAt < hearingMs),
      { entry, replacedAt: Infinity },
    ]);
  }

  /** What is held there, and what was until a moment ago. */
  lately(place: string): readonly Entry[] {
    const now = this.#clock.now();
    return (this.#held.get(place) ?? [])
      .filter(({ replacedAt }) => now - replacedAt < hearingMs)
      .map(({ entry }) => entry);
  }
}
