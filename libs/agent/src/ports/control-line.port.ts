import type { DownKind, UpKind } from '@flotilla/contracts';

/** A message from the control plane as it came: nothing in it has been believed yet. */
export interface ReceivedOrder {
  readonly kind: DownKind;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly signature: string | undefined;
  readonly traceparent: string | undefined;
}

/** The line to the control plane. It may be cut at any time and for long; whoever sends repeats himself. */
export interface ControlLine {
  readonly connected: boolean;
  /** The broker is there and does not take our identity. */
  readonly refused?: boolean;
  /** False when the line is cut: nothing was sent. */
  send(kind: UpKind, message: object, traceparent?: string): boolean;
  receive(handler: (order: ReceivedOrder) => void): void;
}
