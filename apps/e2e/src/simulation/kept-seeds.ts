import type { SeedRange } from './run-seeds.ts';

/** Seeds that once found something: they are tried first, for ever. */
export const keptSeeds: readonly (Omit<SeedRange, 'seeds'> & { readonly found: string })[] = [];
