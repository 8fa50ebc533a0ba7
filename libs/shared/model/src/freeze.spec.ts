import { describe, expect, it } from 'vitest';
import type { FreezeDocument } from './documents/freeze.ts';
import {
  expiryOf,
  freezeInTheWay,
  freezesInForce,
  freezeText,
  isFrozenBy,
  isInForce,
  mayPass,
  type EntryFreeze,
} from './freeze.ts';

const noon = Date.parse('2026-12-24T12:00:00.000Z');
const later = '2026-12-24T13:00:00.000Z';
const earlier = '2026-12-24T11:00:00.000Z';

function freeze(name: string, over: Partial<EntryFreeze> = {}): EntryFreeze {
  return { name, scope: 'deploys', by: 'user:ann', reason: 'incident 42', since: earlier, ...over };
}

describe('whom a freeze is about', () => {
  const place = { application: 'checkout', environment: 'production', labels: { region: 'eu' } };
  const about = (spec: Partial<FreezeDocument['spec']>) =>
    isFrozenBy({ scope: 'deploys', reason: 'r', until: 'lifted', ...spec }, place);

  it.each<[string, Partial<FreezeDocument['spec']>, boolean]>([
    ['an application by its name', { applications: ['accounts', 'checkout'] }, true],
    ['applications by a glob', { applications: ['check*'] }, true],
    ['another application', { applications: ['accounts'] }, false],
    ['an environment', { environments: ['production'] }, true],
    ['clusters by label', { clusters: { matchLabels: { region: 'eu' } } }, true],
    ['other clusters', { clusters: { matchLabels: { region: 'us' } } }, false],
    ['all of the lists', { applications: ['checkout'], environments: ['production'] }, true],
    ['not one of the lists alone', { applications: ['checkout'], environments: ['dev'] }, false],
  ])('%s', (_, spec, expected) => expect(about(spec)).toBe(expected));
});

describe('when a freeze holds', () => {
  it.each<[string, string | undefined, boolean]>([
    ['until somebody lifts it', undefined, true],
    ['before its end', '2026-12-24T12:00:00.001Z', true],
    ['not in the moment that ends it', '2026-12-24T12:00:00.000Z', false],
    ['where nobody can read its end', 'next week', true],
  ])('%s', (_, expires, expected) => expect(isInForce({ expires }, noon)).toBe(expected));

  it('ends by itself, or says that it does not', () => {
    expect([expiryOf({ until: later }), expiryOf({ until: 'lifted' })]).toEqual([later, undefined]);
  });

  it('tells the widest and longest first, an unknown scope as the widest, and none that is over', () => {
    const freezes = [
      freeze('over', { scope: 'all', expires: earlier }),
      freeze('short', { expires: later }),
      freeze('year-end'),
      freeze('incident', { scope: 'all', expires: later }),
      freeze('unheard', { scope: 'thaws' }),
    ];
    expect(freezesInForce(freezes, noon).map(({ name }) => name)).toEqual(['unheard', 'incident', 'year-end', 'short']);
  });
});

describe('what passes a freeze', () => {
  const glass = { by: 'user:ben', reason: 'hotfix', since: earlier, expires: later, sourceDigest: 'good' };

  it.each<[string, Parameters<typeof mayPass>[0], EntryFreeze[], boolean]>([
    ['anything, where nothing is frozen', { sourceDigest: 'good' }, [], true],
    ['anything, where all freezes are over', { sourceDigest: 'good' }, [freeze('x', { expires: earlier })], true],
    ['nothing', { sourceDigest: 'good' }, [freeze('x')], false],
    ['exactly what the glass was broken for', { breakGlass: glass, sourceDigest: 'good' }, [freeze('x')], true],
    ['nothing else', { breakGlass: glass, sourceDigest: 'other' }, [freeze('x')], false],
    ['nothing any more', { breakGlass: { ...glass, expires: earlier }, sourceDigest: 'good' }, [freeze('x')], false],
  ])('%s', (_, order, freezes, expected) => expect(mayPass(order, freezes, noon)).toBe(expected));

  it('is told by the freeze that stands in the way, with who ordered it, until when, and how it ends', () => {
    const there = freezeInTheWay({ sourceDigest: 'good' }, [freeze('year-end', { expires: later })], noon);
    expect([freezeText(there!), freezeText(freeze('open'))]).toEqual([
      `frozen by user:ann until ${later}: incident 42; lift it with: flotilla unfreeze year-end`,
      'frozen by user:ann until it is lifted: incident 42; lift it with: flotilla unfreeze open',
    ]);
  });
});
