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
  {
    name: 'agent',
    first: 119,
    steps: 40,
    found: 'an agent that had stood still put an older set back over that of its successor',
  },
  {
    name: 'agent',
    first: 890,
    steps: 40,
    found: 'the first set of an agent that had stood still was put over that of its successor',
  },
  {
    name: 'fleet',
    first: 171,
    steps: 40,
    found: 'a control plane that stood still in the middle of a look called all clusters lost',
  },
  {
    name: 'agent',
    first: 98,
    steps: 40,
    found: 'a pause of which less than half a millisecond was left was waited for for ever',
  },
  {
    name: 'agent',
    first: 106631,
    steps: 40,
    found: 'an object that no watch had told of before it went was believed to be there for good',
  },
  {
    name: 'fleet',
    first: 201778,
    steps: 40,
    found:
      'a rollback did not wait for a cluster whose order changed while it went back, because it said that it was pinned',
  },
  {
    name: 'agent',
    first: 500181,
    steps: 40,
    found: 'whoever was just told that his watch is too old was held to what he could not know before he listed',
  },
  {
    name: 'agent',
    first: 1003577,
    steps: 40,
    found: 'what a watch told behind the news that an object was gone brought it back, and it was missed for good',
  },
  {
    name: 'fleet',
    first: 1013461,
    steps: 40,
    found: 'whoever an earlier rollback held at what a later one refused was thought to have to stay there',
  },
  {
    name: 'agent',
    first: 1013121,
    steps: 40,
    found: 'what a person changed in an object before its agent knew that it had come to be was left to him for good',
  },
  {
    name: 'fleet',
    first: 3004962,
    steps: 40,
    found: 'a rollback that a freeze had stopped in the middle went on everywhere at once when the freeze ended',
  },
  {
    name: 'agent',
    first: 3026122,
    steps: 40,
    found: 'whoever could not hear yet that an object had gone was held to it as he deleted another one',
  },
  {
    name: 'fleet',
    first: 3036077,
    steps: 40,
    found: 'whom a person had passed by in a rollback was thought to hold up the others',
  },
  {
    name: 'agent',
    first: 3041484,
    steps: 40,
    found: 'a word of a person came to his agent behind a later one, and was held against it',
  },
];
