import type { RenderCache } from '../ports/render-cache.port.ts';

/** Keeps everything, and lets a test see it and put in what it likes. */
export class InMemoryRenderCache implements RenderCache {
  readonly entries = new Map<string, Uint8Array>();

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.entries.get(key);
  }

  async put(key: string, sealed: Uint8Array): Promise<void> {
    this.entries.set(key, sealed);
  }
}

/** A disk that is full, broken or gone. */
export class FailingRenderCache implements RenderCache {
  async get(): Promise<never> {
    throw new Error('the disk cannot be read');
  }

  async put(): Promise<never> {
    throw new Error('the disk is full');
  }
}
