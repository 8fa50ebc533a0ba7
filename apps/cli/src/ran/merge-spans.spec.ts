import { expect, it } from 'vitest';
import type { RanView } from '@flotilla/contracts';
import { mergeSpans } from './merge-spans.ts';

const hour = (count: number) => new Date(Date.UTC(2026, 0, 1, count)).toISOString();
const ran = (target: string, at: number, until?: number): RanView => ({
  target,
  at: hour(at),
  ...(until !== undefined && { until: hour(until), ended: 'replaced' as const }),
  application: target,
  environment: 'dev',
  cluster: 'c1',
  revision: `${at}`,
  release: 'r',
  health: 'Healthy',
});

it('spans that touch are one, with what ran last; a pause between two keeps them apart', () => {
  const items = [ran('b', 6), ran('a', 5), ran('a', 3, 4), ran('a', 2, 3), ran('a', 1, 2), ran('b', 1, 3)];
  expect(mergeSpans(items).map(({ target, at, until, revision }) => [target, at, until, revision])).toEqual([
    ['b', hour(6), undefined, '6'],
    ['a', hour(5), undefined, '5'],
    ['a', hour(1), hour(4), '3'],
    ['b', hour(1), hour(3), '1'],
  ]);
});
