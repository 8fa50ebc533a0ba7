/** Bytes that arrive in chunks and leave in other portions, copied only where a portion spans two chunks. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
  }

  /** The next `count` bytes, or as many as there are, without taking them. */
  peek(count: number): Uint8Array {
    const wanted = Math.min(count, this.#length);
    const first = this.#chunks[0];
    if (!first || first.byteLength >= wanted) return first?.subarray(0, wanted) ?? new Uint8Array(0);
    const joined = this.#joinAtLeast(wanted);
    return joined.subarray(0, wanted);
  }

  take(count: number): Uint8Array {
    const taken = this.peek(count);
    const first = this.#chunks[0];
    if (first && taken.byteLength < first.byteLength) this.#chunks[0] = first.subarray(taken.byteLength);
    else this.#chunks.shift();
    this.#length -= taken.byteLength;
    return taken;
  }

  #joinAtLeast(wanted: number): Uint8Array {
    let joinedBytes = 0;
    let count = 0;
    while (joinedBytes < wanted) joinedBytes += this.#chunks[count++]!.byteLength;
    const joined = Buffer.concat(this.#chunks.splice(0, count), joinedBytes);
    this.#chunks.unshift(joined);
    return joined;
  }
}
