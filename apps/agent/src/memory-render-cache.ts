import type { RenderCache } from '@flotilla/agent';

/** Keeps the newest renders in memory: those of a target that cannot go on are asked for again and again. */
export class MemoryRenderCache implements RenderCache {
  readonly #bytesMax: number;
  /** Oldest first. */
  readonly #entries = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#entries.get(key);
  }

  async put(key: string, sealed: Uint8Array): Promise<void> {
    this.#drop(key);
    this.#entries.set(key, sealed);
    this.#bytes += sealed.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.length ?? 0;
    this.#entries.delete(key);
  }
}
