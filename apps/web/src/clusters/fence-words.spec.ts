import { expect, it } from 'vitest';
import type { Fence } from '@flotilla/model';
import { fenceWords } from './fence-words.ts';

const fence = (epoch: number, generation: number): Fence => ({ epoch, generation });
const rows: readonly [what: string, desired: Fence, agent: Fence | undefined, note: string | undefined][] = [
  ['the two agree', fence(1, 42), fence(1, 42), undefined],
  ['the agent is behind', fence(1, 42), fence(1, 41), 'behind: agent holds 1.41'],
  ['the agent is ahead of a restored database', fence(1, 7), fence(1, 42), 'Ahead: agent holds 1.42'],
  ['the agent is of an older epoch', fence(2, 1), fence(1, 42), 'behind: agent holds 1.42'],
  ['the agent never said anything', fence(1, 3), undefined, 'nothing received yet'],
  ['there was nothing to receive', fence(1, 0), undefined, undefined],
];

it.each(rows)('%s', (_, desired, agent, note) => {
  expect(fenceWords(desired, agent)).toEqual({ desired: `${desired.epoch}.${desired.generation}`, note });
});
