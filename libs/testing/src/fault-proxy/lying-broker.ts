import type { MessageFilter } from './message-filter.ts';
import { NatsFrames } from './nats-frames.ts';

/** What a broker does to messages behind everybody's back, while its line stands. */
export type MessageFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'repeated'; readonly times: number }
  /** Each is held until the next one has passed. */
  | { readonly kind: 'swapped' };

/**
 * Makes an honest nats-server a liar, seen from whoever connects through a proxy with these filters: messages are lost,
 * repeated and reordered, in both directions, and the rest of the protocol goes on as if nothing were wrong.
 */
export class LyingBroker {
  #fault: MessageFault = { kind: 'none' };
  #spoilt = 0;

  /** How many messages were lost, repeated or held back so far. */
  get spoilt(): number {
    return this.#spoilt;
  }

  set(fault: MessageFault): void {
    this.#fault = fault;
  }

  readonly filters = (): { readonly up: MessageFilter; readonly down: MessageFilter } => ({
    up: this.#filter(),
    down: this.#filter(),
  });

  #filter(): MessageFilter {
    const frames = new NatsFrames();
    const held: Buffer[] = [];
    return (chunk) =>
      frames.push(chunk).flatMap(({ bytes, isMessage }) => (isMessage ? this.#spoil(bytes, held) : [bytes]));
  }

  #spoil(bytes: Buffer, held: Buffer[]): readonly Buffer[] {
    const late = held.splice(0);
    if (this.#fault.kind !== 'none') this.#spoilt++;
    switch (this.#fault.kind) {
      case 'none':
        return [bytes, ...late];
      case 'lost':
        return late;
      case 'repeated':
        return [...Array.from({ length: this.#fault.times }, () => bytes), ...late];
      case 'swapped':
        if (late.length > 0) return [bytes, ...late];
        held.push(bytes);
        return [];
    }
  }
}
