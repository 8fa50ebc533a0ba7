import type { SourceFile, SourceReader } from '@flotilla/agent';
import { Fault } from '@flotilla/foundation';
import type { EntrySource } from '@flotilla/model';
import type { Troubles, Weather } from './troubles.ts';

/** A Git host, and the way from it to an agent's cache: away, cut in the middle of a pack, or without room to keep it. */
export class WeatheredSources implements SourceReader {
  weather: Weather = 'fair';
  gone = false;
  readonly #inner: SourceReader;
  readonly #troubles: Troubles;

  constructor(inner: SourceReader, troubles: Troubles) {
    this.#inner = inner;
    this.#troubles = troubles;
  }

  async read(source: EntrySource): Promise<readonly SourceFile[]> {
    if (this.gone) throw this.#away();
    const files = await this.#inner.read(source);
    if (this.#troubles.strikes('packCut', this.weather))
      throw new Fault({ code: 'unavailable', reason: 'GitPackTruncated', message: 'the pack ended too early' });
    // What the platform throws when a disk is full is no fault of ours, and is treated as what nobody expected.
    if (this.#troubles.strikes('diskFull', this.weather)) throw new Error('ENOSPC: no space left on device, write');
    return files;
  }

  #away(): Fault {
    this.#troubles.happened('gitAway');
    return new Fault({ code: 'unavailable', reason: 'GitHostUnreachable', message: 'Git is away' });
  }
}
