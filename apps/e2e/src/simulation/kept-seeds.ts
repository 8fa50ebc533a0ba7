import type { SeedRange } from './run-seeds.ts';

/** Seeds that once found something: they are tried first, for ever. */
export const keptSeeds: readonly (Omit<SeedRange, 'seeds'> & { readonly found: string })[] = [
  {
    name: 'agent',
    first: 837,
    steps: 40,
    found: 'an order that came while the one before was pruning lost an object for a moment',
  },
  {
    name: 'fleet',
    first: 37,
    steps: 40,
    found: 'an object that somebody made again in the very moment of an apply was written',
  },
  {
    name: 'agent',
    first: 19,
    steps: 40,
    found: 'an agent that had been cut off wrote, although its successor held the Lease',
  },
  {
    name: 'fleet',
    first: 3,
    steps: 40,
    found: 'an agent with a right clock waited hours for a Lease that one with a wrong clock had left behind',
  },
];
