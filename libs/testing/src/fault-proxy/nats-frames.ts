const messageVerbs = new Set(['PUB', 'HPUB', 'MSG', 'HMSG']);
const lineEnd = Buffer.from('\r\n');

/** One thing said in the protocol of NATS: a message with its bytes, or any other line. */
export interface NatsFrame {
  readonly bytes: Buffer;
  readonly isMessage: boolean;
}

/** Puts together what the network took apart: gives the whole frames, and keeps the beginning of the next one. */
export class NatsFrames {
  #rest = Buffer.alloc(0);

  push(chunk: Buffer): NatsFrame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: NatsFrame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): NatsFrame | undefined {
    const end = this.#rest.indexOf(lineEnd);
    if (end < 0) return undefined;
    const words = this.#rest.toString('latin1', 0, end).trim().split(/\s+/);
    const isMessage = messageVerbs.has(words[0]!.toUpperCase());
    // A message's line ends with the size of what follows it, headers included.
    const size = end + lineEnd.length + (isMessage ? Number(words.at(-1)) + lineEnd.length : 0);
    if (this.#rest.length < size) return undefined;
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return { bytes, isMessage };
  }
}
