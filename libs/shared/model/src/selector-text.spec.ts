import { expect, it } from 'vitest';
import { selectorText } from './selector-text.ts';
import { parseSelector, type LabelSelector } from './selector.ts';

it('says a selector so that it can be read again as the same one', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'NotIn' as const, values: ['1', '2'] },
    { key: 'canary', operator: 'DoesNotExist' as const },
    { key: 'flotilla.dev/name', operator: 'Exists' as const },
  ];
  const selector: LabelSelector = { matchLabels: { stage: 'production', region: 'eu' }, matchExpressions };
  const text = selectorText(selector);
  expect([text, parseSelector(text)]).toEqual([
    'region=eu,stage=production,tier notin (1, 2),!canary,flotilla.dev/name',
    {
      ok: true,
      value: [
        { key: 'region', operator: 'In', values: ['eu'] },
        { key: 'stage', operator: 'In', values: ['production'] },
        ...matchExpressions,
      ],
    },
  ]);
});
