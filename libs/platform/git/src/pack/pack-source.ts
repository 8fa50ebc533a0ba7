import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gitFault } from '../git-faults.ts';
import { ByteQueue } from './byte-queue.ts';

/** How much is read in one go before other work of this process has its turn. */
const turnBytes = 1024 * 1024;

/** A pack as it arrives: bytes by position, hashed as they are taken, never more in total than allowed. */
export class PackSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #bytesMax: number;
  readonly #queue = new ByteQueue();
  readonly #hash = createHash('sha1');
  #arrivedBytes = 0;
  #turnEnds = turnBytes;
  #ended = false;
  /** How many bytes were taken: the position in the pack. */
  offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>, bytesMax: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#bytesMax = bytesMax;
  }

  /** The next `count` bytes without taking them; fewer only where the pack ends. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#queue.length < count && !this.#ended) await this.#arrive();
    return this.#queue.peek(count);
  }

  async take(count: number): Promise<Uint8Array> {
    const taken = await this.peek(count);
    if (taken.byteLength < count) throw truncated();
    this.#queue.take(count);
    this.#hash.update(taken);
    this.offset += count;
    if (this.offset > this.#turnEnds) await this.#giveTurn();
    return taken;
  }

  /** Takes the trailer, the hash of everything before it, and checks that nothing follows. */
  async finish(): Promise<void> {
    const expected = this.#hash.digest();
    const trailer = await this.peek(expected.byteLength + 1);
    if (trailer.byteLength < expected.byteLength) throw truncated();
    if (expected.equals(trailer)) return;
    throw gitFault('GitPackCorrupt', { message: 'the pack is damaged: its checksum does not match what arrived' });
  }

  /** Lets go of what still arrives: a refused pack is not downloaded to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #arrive(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) {
      this.#ended = true;
      return;
    }
    this.#arrivedBytes += value.byteLength;
    if (this.#arrivedBytes > this.#bytesMax) {
      throw gitFault('GitPackTooLarge', {
        message: `the pack has more than ${this.#bytesMax} bytes; narrow the path, or let the host allow filters`,
      });
    }
    this.#queue.push(value);
  }

  async #giveTurn(): Promise<void> {
    this.#turnEnds = this.offset + turnBytes;
    await setImmediate();
  }
}

export function truncated() {
  return gitFault('GitPackTruncated', { message: 'the pack ended before all of it had arrived' });
}
