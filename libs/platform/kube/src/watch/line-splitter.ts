import { Fault } from '@flotilla/foundation';

const newline = 0x0a;

/** Cuts a stream of bytes into lines of text, wherever its chunks happen to end. */
export class LineSplitter {
  readonly #lineBytesMax: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that this chunk completes. What follows the last one is held, up to the limit of a line. */
  push(chunk: Uint8Array): string[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      this.#hold(bytes.subarray(start, end));
      lines.push(this.#release());
      start = end + 1;
    }
    this.#hold(bytes.subarray(start));
    return lines.filter((line) => line !== '');
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.byteLength;
    if (this.#heldBytes > this.#lineBytesMax) throw lineTooLong(this.#lineBytesMax);
    if (part.byteLength > 0) this.#held.push(part);
  }

  #release(): string {
    const line = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    return line.toString('utf8');
  }
}

function lineTooLong(lineBytesMax: number): Fault {
  const message = `one event of the watch is larger than ${lineBytesMax} bytes`;
  return new Fault({ code: 'too-large', reason: 'EventTooLarge', message, consequence: { kind: 'retry' } });
}
