import { describe, expect, it } from 'vitest';
import { labelSelectorSchema, matchesLabels, meetsAll, parseSelector } from './selector.ts';

describe('a label selector', () => {
  const labels = { stage: 'production', region: 'eu', tier: '3' };

  it.each([
    ['stage=production', true],
    ['stage==production', true],
    ['stage!=production', false],
    ['team!=a', true],
    ['region in (us, eu)', true],
    ['region notin (us,eu)', false],
    ['team notin (a)', true],
    ['region', true],
    ['!region', false],
    ['!team', true],
    ['tier>2', true],
    ['tier < 3', false],
    ['stage=production,region in (eu),!team', true],
    ['stage=production,region in (us)', false],
    ['stage=', false],
    ['', true],
  ])('%s -> %s', (text, expected) => {
    const parsed = parseSelector(text);
    expect(parsed.ok && meetsAll(parsed.value, labels)).toBe(expected);
  });

  it.each(['a=b,', ',a', 'a in b', 'a in (b', '=b', 'a=b c', '-x=1', 'a=-b'])('refuses %s and says why', (text) => {
    expect(parseSelector(text)).toMatchObject({ ok: false, reason: expect.stringMatching(/.+/) });
  });

  it('takes all its parts together, and never matches by accident', () => {
    expect(matchesLabels({ matchLabels: { stage: 'production' } }, labels)).toBe(true);
    expect(
      matchesLabels(
        {
          matchLabels: { stage: 'production' },
          matchExpressions: [{ key: 'region', operator: 'NotIn', values: ['eu'] }],
        },
        labels,
      ),
    ).toBe(false);
    expect(labelSelectorSchema.safeParse({}).success).toBe(false);
    expect(matchesLabels({ matchLabels: { constructor: 'x' } }, labels)).toBe(false);
  });
});
