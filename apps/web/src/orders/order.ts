/** What a person could have done, as the command that does it: the page itself changes nothing. */
export interface Order {
  /** One word: `Pause`. */
  readonly does: string;
  /** Whom it touches, and how: its blast radius in a sentence. */
  readonly touches: string;
  readonly command: string;
}

/** What somebody has to say who gives an order that the ledger keeps a reason of. */
export const reasonArgument = '--reason REASON';
