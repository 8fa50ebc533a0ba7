import { chainStart, type ChainPoint, type LedgerLine } from '../ledger-line.ts';
import { lineHash } from './ledger-chain.ts';

/** What was done to the chain, as far as the lines that are left can tell. */
export type MisfitKind = 'changed' | 'removed' | 'inserted' | 'reordered';

/** The first line that does not fit; of a removed one only its number is known. */
export interface Misfit {
  readonly kind: MisfitKind;
  readonly seq: number;
  readonly line?: LedgerLine;
}

/** What a check found. */
export interface ChainVerdict {
  /** Lines that fit, from the first on. */
  readonly fitting: number;
  /** The last of them: everything up to here is as it was sealed. */
  readonly upTo: ChainPoint;
  readonly misfit?: Misfit;
}

/**
 * Goes along the chain from an anchor, line by line, and finds the first one that does not fit. Whoever can write every
 * line can also write every hash: that is found only against a hash that was noted elsewhere, which is `known`.
 */
export class ChainCheck {
  readonly #known: ChainPoint | undefined;
  #last: ChainPoint;
  #fitting = 0;
  #misfit: Misfit | undefined;

  constructor(anchor: ChainPoint, known?: ChainPoint) {
    this.#last = anchor;
    this.#known = known;
    const isFalse = anchor.seq === 0 ? anchor.hash !== chainStart.hash : this.#isForeign(anchor);
    if (isFalse) this.#misfit = { kind: 'changed', seq: anchor.seq };
  }

  take(line: LedgerLine): void {
    if (this.#misfit) return this.#learn(line);
    const kind = this.#kindOf(line);
    if (kind) {
      this.#misfit = kind === 'removed' ? { kind, seq: this.#last.seq + 1 } : { kind, seq: line.seq, line };
      return;
    }
    this.#fitting++;
    this.#last = { seq: line.seq, hash: line.hash };
  }

  /** Says what was found, once every line was taken; `head` is where the chain is said to end. */
  end(head: ChainPoint): ChainVerdict {
    if (!this.#misfit) this.#compareEnd(head);
    const misfit = this.#misfit;
    return { fitting: this.#fitting, upTo: this.#last, ...(misfit && { misfit }) };
  }

  #kindOf(line: LedgerLine): MisfitKind | undefined {
    const next = this.#last.seq + 1;
    if (line.seq > next) return 'removed';
    if (line.seq < next) return 'inserted';
    return line.hash !== lineHash(this.#last, line) || this.#isForeign(line) ? 'changed' : undefined;
  }

  /** The line that was noted elsewhere had another hash. */
  #isForeign({ seq, hash }: ChainPoint): boolean {
    return this.#known !== undefined && this.#known.seq === seq && this.#known.hash !== hash;
  }

  /** A line that was missed and comes later was not taken away. */
  #learn(line: LedgerLine): void {
    const { kind, seq } = this.#misfit!;
    if (kind === 'removed' && line.seq === seq) this.#misfit = { kind: 'reordered', seq, line };
  }

  #compareEnd(head: ChainPoint): void {
    const { seq, hash } = this.#last;
    if (seq < Math.max(head.seq, this.#known?.seq ?? 0)) this.#misfit = { kind: 'removed', seq: seq + 1 };
    else if (seq > head.seq) this.#misfit = { kind: 'inserted', seq: head.seq + 1 };
    else if (hash !== head.hash) this.#misfit = { kind: 'changed', seq };
  }
}
