import { check, array, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpts } from './excerpts.ts';
import { lineDiff } from './line-diff.ts';
import { valueText } from './value-text.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

describe('texts of many lines', () => {
  it('are shown where they differ, with three lines around, parts apart by their place', () => {
    const live = numbered(30);
    const desired = live.with(4, 'other').toSpliced(5, 0, 'more').toSpliced(25, 1);
    expect(lineDiff(live.join('\n'), desired.join('\n'))).toEqual([
      '@@ line 2 @@',
      ' line 2',
      ' line 3',
      ' line 4',
      '-line 5',
      '+other',
      '+more',
      ' line 6',
      ' line 7',
      ' line 8',
      '@@ line 22 @@',
      ' line 22',
      ' line 23',
      ' line 24',
      '-line 25',
      ' line 26',
      ' line 27',
      ' line 28',
    ]);
  });

  it.each([
    ['a\nb', 'a\nb', []],
    ['a\n', 'a', ['@@ line 1 @@', ' a', '-']],
    ['', 'a\nb', ['@@ line 1 @@', '-', '+a', '+b']],
  ])('%j and %j', (live, desired, lines) => expect(lineDiff(live, desired)).toEqual(lines));

  it('each side can be read from it, and nothing else', () => {
    const lines = array(constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
    const holds = property(lines, lines, (live, desired) => {
      const shown = lineDiff(live.join('\n'), desired.join('\n'));
      const sideOf = (mark: string) => {
        const side = shown.filter((line) => line.startsWith(mark) || line.startsWith(' ')).map((line) => line.slice(1));
        return side.join('\n');
      };
      // Nothing is further than three lines from a difference in texts this short, or they are cut in two.
      if (shown.filter((line) => line.startsWith('@@')).length > 1) return true;
      return live.join('\n').includes(sideOf('-')) && desired.join('\n').includes(sideOf('+'));
    });
    expect(check(holds)).toMatchObject({ failed: false });
  });

  it('that have nothing in common and are huge cost no more than they are long', () => {
    const [live, desired] = [numbered(5_000), numbered(5_000).map((line) => `${line}!`)];
    expect(lineDiff(live.join('\n'), desired.join('\n'))).toHaveLength(10_001);
  });
});

it('of long lines the part that differs is shown', () => {
  const [head, tail] = ['h'.repeat(300), 't'.repeat(300)];
  expect(excerpts(`${head}two${tail}`, `${head}six${tail}`)).toEqual([
    `…${'h'.repeat(40)}two${'t'.repeat(40)}…`,
    `…${'h'.repeat(40)}six${'t'.repeat(40)}…`,
  ]);
  expect(excerpts('short', 'other')).toEqual(['short', 'other']);
});

it.each([
  [9, '9'],
  ['9', '"9"'],
  ['', '""'],
  ['shop:1', 'shop:1'],
  ['a\nb\n', 'a\nb\n'],
  [{ name: 'a', env: [{ name: 'B', value: 'true' }] }, 'name: a\nenv:\n  - name: B\n    value: "true"'],
])('%j is written %s', (value, text) => expect(valueText(value)).toBe(text));
