/** Which way bytes go: `up` to the server behind the proxy, `down` to whoever dialled it. */
export type Direction = 'up' | 'down';

/** How a connection ends: in order (FIN), or as a process that was killed leaves it (RST). */
export type Cut = 'end' | 'reset';

/**
 * What is wrong with a line. Bytes of a stream are late, few or wrong, and never missing in the middle: TCP does not do
 * that, and what a broker forgets is a `MessageFault`. Counts are of one connection and one direction.
 */
export type LinkFault =
  | { readonly kind: 'pass' }
  /** Everything arrives so much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Half open: the other side is there and says nothing. What was sent arrives once the line passes again. */
  | { readonly kind: 'silent'; readonly direction?: Direction }
  /** A reader that takes so little at a time that the writer has to wait. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** One bit of the byte at this place is another. */
  | { readonly kind: 'flip'; readonly at: number; readonly direction: Direction }
  /** So many bytes arrive, and then the connection is cut. */
  | { readonly kind: 'truncate'; readonly after: number; readonly direction: Direction; readonly cut?: Cut };

/** Nothing is wrong. */
export const passing: LinkFault = { kind: 'pass' };
