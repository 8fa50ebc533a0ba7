import { expect, it } from 'vitest';
import { sampleDiff, sampleDiffText } from '../testing/sample-diff.ts';
import { objectDiffSchema } from './ask.ts';
import { diffLines, diffText } from './diff-text.ts';

it('a diff is one text, the same wherever it is shown', () => {
  expect(diffText(sampleDiff)).toBe(sampleDiffText);
});

it('what is shown is what an agent may send', () => {
  expect(objectDiffSchema.array().parse(sampleDiff)).toEqual(sampleDiff);
});

it('every line is of the kind that it says, whatever values hold', () => {
  const fields = [{ path: '.a\n+b', live: '+++\n@@ x', desired: '=== Secret' }];
  expect(diffLines([{ object: 'ConfigMap a', change: 'update', fields }])).toEqual([
    { kind: 'object', text: '=== ConfigMap a: 1 field differs' },
    { kind: 'field', text: '@@ .a +b' },
    { kind: 'live', text: '-+++' },
    { kind: 'live', text: '-@@ x' },
    { kind: 'desired', text: '+=== Secret' },
  ]);
});
