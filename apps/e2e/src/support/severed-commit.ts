import type { MessageFilter } from '@flotilla/testing';

/**
 * Cuts a connection to PostgreSQL between the commit of a chosen transaction and its answer: what was written is written,
 * and whoever wrote it cannot know.
 */
export class SeveredCommit {
  readonly #cut: () => void;
  #table: string | undefined;

  constructor(cut: () => void) {
    this.#cut = cut;
  }

  /** The next transaction that writes into this table is the one. */
  of(table: string): void {
    this.#table = table;
  }

  readonly filters = (): { readonly up: MessageFilter; readonly down: MessageFilter } => {
    let isChosen = false;
    return {
      up: (chunk) => {
        if (this.#table && chunk.includes(`INSERT INTO ${this.#table}`)) isChosen = true;
        return [chunk];
      },
      down: (chunk) => {
        if (!isChosen || !chunk.includes('COMMIT')) return [chunk];
        this.#table = undefined;
        isChosen = false;
        this.#cut();
        return [];
      },
    };
  };
}
