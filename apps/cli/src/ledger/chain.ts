import type { ChainPoint, LedgerLine } from '@flotilla/model';

/** A whole chain to be read once: from where it begins, line by line, to where it is said to end. */
export interface Chain {
  readonly anchor: ChainPoint;
  readonly lines: AsyncGenerator<LedgerLine, ChainPoint>;
}
