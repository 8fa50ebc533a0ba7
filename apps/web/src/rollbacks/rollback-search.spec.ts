import { describe, expect, it } from 'vitest';
import { hostileStrings } from '../mock/hostile-strings.ts';
import { questionOf } from './question/rollback-question.ts';
import { readRollbackSearch } from './rollback-search.ts';

it('an address says what would go back; what is not understood is left out', () => {
  const search = { application: 'checkout', environment: '', selector: 'a=b', to: 7, fleet: true, cluster: ['x'] };
  expect(readRollbackSearch(search)).toEqual({ application: 'checkout', selector: 'a=b', to: '7' });
});

describe('the question that an address asks', () => {
  it('goes back to what was well before where nobody says', () => {
    expect([
      questionOf({ application: 'checkout', selector: 'region in (eu,us)' }),
      questionOf({ digest: '9f86d081', to: '1a2b3c4d' }),
    ]).toEqual([
      {
        ok: true,
        value: { selection: { application: 'checkout', selector: 'region in (eu,us)' }, to: 'previous-good' },
      },
      { ok: true, value: { selection: { digest: '9f86d081' }, to: '1a2b3c4d' } },
    ]);
  });

  it('is not asked while something is missing or wrong, and says what', () => {
    const wrong = [
      {},
      { to: 'previous-good' },
      { application: 'Check Out' },
      { selector: 'a=(' },
      { digest: 'abc' },
      { application: 'checkout', to: 'last week' },
    ];
    expect(wrong.map((search) => questionOf(search))).toMatchObject([
      { ok: false, reason: 'Choose what goes back: at least one of these.' },
      { ok: false, reason: 'Choose what goes back: at least one of these.' },
      { ok: false, reason: 'The application is no name: small letters, digits and hyphens.' },
      { ok: false, reason: "Selector must be labels of clusters in kubectl's grammar." },
      { ok: false, reason: expect.stringMatching(/^Digest /) },
      { ok: false, reason: expect.stringMatching(/^Go back to: must be previous-good, a commit/) },
    ]);
  });

  it.each(hostileStrings)('%s is no name of anything', (text) => {
    const parts = ['application', 'environment', 'cluster', 'selector', 'to'] as const;
    const asked = parts.filter((part) => questionOf({ application: 'checkout', [part]: text }).ok);
    expect(asked).toEqual([]);
  });
});
