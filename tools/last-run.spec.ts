import { expect, it } from 'vitest';
import { countByNumber } from './last-run.ts';

it('a test counts once under each number in its name, and only when it passed', () => {
  const tests = [
    { fullName: 'orders AT-08: one bit flipped', status: 'passed' },
    { fullName: 'AT-08, AT-11: cut short, AT-08 again', status: 'passed' },
    { fullName: 'AT-11: never ends', status: 'failed' },
    { fullName: 'AT-11: needs an API server', status: 'skipped' },
    { fullName: 'has no number', status: 'passed' },
  ];
  expect(countByNumber(tests)).toEqual({ 'AT-08': 2, 'AT-11': 1 });
});
