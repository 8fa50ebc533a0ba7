/** Which keys were used last, and how much they weigh together: the bookkeeping of a cache that is bounded by bytes. */
export class RecentSizes {
  readonly #bytesMax: number;
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#sizes.has(key);
  }

  add(key: string, bytes: number): void {
    this.remove(key);
    this.#sizes.set(key, bytes);
    this.#bytes += bytes;
  }

  /** Marks the key as used just now. */
  touch(key: string): void {
    const bytes = this.#sizes.get(key);
    if (bytes === undefined) return;
    this.#sizes.delete(key);
    this.#sizes.set(key, bytes);
  }

  remove(key: string): void {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  /** Forgets the keys that were not used for longest, until the rest fits, and names them. */
  evict(): string[] {
    const evicted: string[] = [];
    for (const key of this.#sizes.keys()) {
      if (this.#bytes <= this.#bytesMax) break;
      this.remove(key);
      evicted.push(key);
    }
    return evicted;
  }
}
