import type { Socket } from 'node:net';
import { once } from 'node:events';
import { systemClock } from '@flotilla/foundation';
import { passing, type Cut, type Direction, type LinkFault } from './link-fault.ts';
import type { MessageFilter } from './message-filter.ts';

export interface FaultyPipeOptions {
  readonly direction: Direction;
  readonly source: Socket;
  readonly sink: Socket;
  /** Rewrites what passes; without one, bytes pass as they are. */
  readonly filter?: MessageFilter | undefined;
  readonly onCut: (cut: Cut) => void;
}

const slicesPerSecond = 10;

/** One direction of a connection: takes what comes, does to it what the fault says, and passes it on in order. */
export class FaultyPipe {
  readonly #options: FaultyPipeOptions;
  #fault: LinkFault = passing;
  #changed = Promise.withResolvers<void>();
  #passed = 0;

  constructor(options: FaultyPipeOptions) {
    this.#options = options;
  }

  set(fault: LinkFault): void {
    this.#fault = fault;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves when the source has ended and everything is passed on, or the sink is gone. */
  async run(): Promise<void> {
    const { source, sink, filter } = this.#options;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      await this.#heard();
      for (const part of filter ? await filter(chunk) : [chunk]) await this.#pass(part);
      if (sink.destroyed) return;
    }
    await this.#heard();
    sink.end();
  }

  /** Nothing is read from a line that is silent: what is sent stays with the sender until it passes again. */
  async #heard(): Promise<void> {
    while (this.#isSilent() && !this.#options.sink.destroyed) {
      await Promise.race([this.#changed.promise, once(this.#options.sink, 'close')]);
    }
  }

  #isSilent(): boolean {
    const fault = this.#fault;
    return fault.kind === 'silent' && (fault.direction ?? this.#options.direction) === this.#options.direction;
  }

  async #pass(chunk: Buffer): Promise<void> {
    const fault = this.#fault;
    const isOurs = 'direction' in fault && fault.direction === this.#options.direction;
    if (fault.kind === 'delay') await systemClock.sleep(fault.ms);
    if (fault.kind === 'slow') return this.#trickle(chunk, fault.bytesPerSecond);
    if (fault.kind === 'flip' && isOurs) return this.#write(flipped(chunk, fault.at - this.#passed));
    if (fault.kind === 'truncate' && isOurs) return this.#writeUpTo(chunk, fault.after, fault.cut ?? 'reset');
    return this.#write(chunk);
  }

  async #trickle(chunk: Buffer, bytesPerSecond: number): Promise<void> {
    const size = Math.max(1, Math.round(bytesPerSecond / slicesPerSecond));
    for (let at = 0; at < chunk.length && !this.#options.sink.destroyed; at += size) {
      // Whoever mends the line meanwhile does not wait for what is left.
      if (this.#fault.kind === 'slow') await systemClock.sleep(1_000 / slicesPerSecond);
      await this.#write(chunk.subarray(at, at + size));
    }
  }

  async #writeUpTo(chunk: Buffer, after: number, cut: Cut): Promise<void> {
    const left = Math.max(0, after - this.#passed);
    await this.#write(chunk.subarray(0, left));
    if (chunk.length >= left) this.#options.onCut(cut);
  }

  async #write(chunk: Buffer): Promise<void> {
    const { sink } = this.#options;
    this.#passed += chunk.length;
    if (sink.destroyed || chunk.length === 0) return;
    if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), once(sink, 'close')]);
  }
}

function flipped(chunk: Buffer, at: number): Buffer {
  if (at < 0 || at >= chunk.length) return chunk;
  const copy = Buffer.from(chunk);
  copy[at]! ^= 1;
  return copy;
}
