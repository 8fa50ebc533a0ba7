/** What would go back and to what: it stands in the address, so that it can be sent to whoever decides. */
export interface RollbackSearch {
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
  /** Labels of clusters, as kubectl writes them. */
  readonly selector?: string | undefined;
  readonly digest?: string | undefined;
  readonly to?: string | undefined;
}

/** What is gone back to where nobody says. */
export const goalDefault = 'previous-good';

const parts = ['application', 'environment', 'cluster', 'selector', 'digest', 'to'] as const;

/** Reads the address. What cannot be understood is left out: an old link asks for less, and shows it. */
export function readRollbackSearch(search: Readonly<Record<string, unknown>>): RollbackSearch {
  const found = parts.map((part) => [part, words(search[part])] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** A router reads `7` in an address as a number. */
function words(value: unknown): string | undefined {
  return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined;
}
