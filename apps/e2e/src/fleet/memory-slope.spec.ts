import { expect, it } from 'vitest';
import { memorySlopes } from './memory-slope.ts';

const minutes = (count: number, used: (minute: number) => Record<string, number>) =>
  Array.from({ length: count }, (_, minute) => ({
    atMs: minute * 60_000,
    figures: Object.entries(used(minute)).map(([name, memoryMb]) => ({ name, memoryMb })),
  }));

it('memory that is level grows by nothing, what leaks by what it leaks, and a start is left out', () => {
  const looks = minutes(60, (minute) => ({
    level: 100,
    leaking: 50 + minute,
    starting: minute < 12 ? minute * 10 : 120,
  }));
  const { level, leaking, starting, all } = memorySlopes(looks);
  expect({ level, leaking, starting, all }).toEqual({ level: 0, leaking: 60, starting: 0, all: 60 });
});

it('two looks at one moment, or one, say nothing', () => {
  expect([memorySlopes(minutes(1, () => ({ a: 1 }))), memorySlopes([])]).toEqual([{ all: 0 }, { all: 0 }]);
});
