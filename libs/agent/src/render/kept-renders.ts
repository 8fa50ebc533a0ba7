import { done, type Done, type Redacted } from '@flotilla/foundation';
import type { Rendered } from '@flotilla/workload-render';
import type { RenderCache } from '../ports/render-cache.port.ts';
import { seal, unseal } from './seal.ts';

/** Renders that were kept, as far as they are what we put there; a cache that fails is one that holds nothing. */
export class KeptRenders {
  readonly #cache: RenderCache;
  readonly #key: Redacted<Buffer>;

  constructor(cache: RenderCache, key: Redacted<Buffer>) {
    this.#cache = cache;
    this.#key = key;
  }

  async find(name: string): Promise<Done<Rendered> | undefined> {
    const sealed = await this.#cache.get(name).catch(() => undefined);
    const content = sealed && unseal(sealed, { key: this.#key.reveal(), name });
    return content && done(JSON.parse(content.toString('utf8')) as Rendered);
  }

  async keep(name: string, rendered: Rendered): Promise<void> {
    const sealed = seal(Buffer.from(JSON.stringify(rendered)), { key: this.#key.reveal(), name });
    await this.#cache.put(name, sealed).catch(() => undefined);
  }
}
