import type { UpKind } from '@flotilla/contracts';
import type { ControlLine, ReceivedOrder } from '../ports/control-line.port.ts';

/** What an agent said on a line that leads nowhere. */
export interface SentMessage {
  readonly kind: UpKind;
  readonly message: object;
  readonly traceparent: string | undefined;
}

/** A line that keeps what was said and lets a test say something back. Cut, it says that nothing was sent. */
export class InMemoryLine implements ControlLine {
  connected = true;
  readonly sent: SentMessage[] = [];
  #handler: ((order: ReceivedOrder) => void) | undefined;

  send(kind: UpKind, message: object, traceparent?: string): boolean {
    if (!this.connected) return false;
    this.sent.push({ kind, message, traceparent });
    return true;
  }

  receive(handler: (order: ReceivedOrder) => void): void {
    this.#handler = handler;
  }

  bring(order: ReceivedOrder): void {
    this.#handler?.(order);
  }

  /** The messages of one kind, oldest first. */
  said<Message>(kind: UpKind): Message[] {
    return this.sent.filter((each) => each.kind === kind).map(({ message }) => message as Message);
  }
}

/** The failing twin: the line is always cut, and nobody ever says anything. */
export const cutLine: ControlLine = { connected: false, send: () => false, receive: () => undefined };
