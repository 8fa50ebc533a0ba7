/** One page of a list, asked for. The cursor is opaque: it comes from the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One page of a list, and how to ask for the next. */
export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined;
}
