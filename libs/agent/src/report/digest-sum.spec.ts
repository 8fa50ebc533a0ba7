import { expect, it } from 'vitest';
import { DigestSum } from './digest-sum.ts';

type Pair = readonly [string, string];

function sumOf(...pairs: readonly Pair[]): DigestSum {
  const sum = new DigestSum();
  for (const [name, digest] of pairs) sum.set(name, digest);
  return sum;
}

const digestOf = (...pairs: readonly Pair[]) => sumOf(...pairs).digestWith([]);

it('is empty for nothing, and again when everything was taken out', () => {
  const sum = sumOf(['a', '1']);
  sum.delete('a');
  expect([digestOf(), sum.digestWith([])]).toEqual(['', '']);
});

it('is the same in whatever order, and by whatever road', () => {
  const sum = sumOf(['b', '9'], ['c', '3'], ['a', '1']);
  sum.set('b', '2');
  sum.delete('c');
  sum.delete('never');
  expect(sum.digestWith([])).toBe(digestOf(['a', '1'], ['b', '2']));
});

it('tells which digest is whose', () => {
  expect(digestOf(['a', '1'], ['b', '2'])).not.toBe(digestOf(['a', '2'], ['b', '1']));
});

it('tells what it would be with others, and stays what it is', () => {
  const sum = sumOf(['a', '1'], ['b', '2']);
  const before = sum.digestWith([]);
  expect([
    sum.digestWith([
      ['b', '3'],
      ['c', '4'],
    ]),
    sum.digestWith([]),
  ]).toEqual([digestOf(['a', '1'], ['b', '3'], ['c', '4']), before]);
});
