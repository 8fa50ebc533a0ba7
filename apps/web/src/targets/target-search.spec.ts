import { describe, expect, it } from 'vitest';
import { targetOf } from '../mock/factories.ts';
import { byPlace, matchesSearch, readTargetSearch, type TargetSearch } from './target-search.ts';

describe('the address of a filter', () => {
  const rows: readonly [what: string, address: Record<string, unknown>, search: TargetSearch][] = [
    ['nothing asks for everything', {}, {}],
    [
      'all parts are read',
      { text: 'pay', application: 'a', environment: 'b', cluster: 'c', sync: 'OutOfSync', health: 'Degraded' },
      { text: 'pay', application: 'a', environment: 'b', cluster: 'c', sync: 'OutOfSync', health: 'Degraded' },
    ],
    ['a name of digits is a name', { text: 7, cluster: 42 }, { text: '7', cluster: '42' }],
    ['a status that does not exist is left out', { sync: 'synced', health: '<b>' }, {}],
    ['empty and strange values are left out', { text: '', application: null, cluster: ['a'], environment: {} }, {}],
    ['what is not ours is left out', { project: 'shop', utm_source: 'mail' }, {}],
  ];
  it.each(rows)('%s', (_, address, search) => expect(readTargetSearch(address)).toEqual(search));
});

const target = (application: string, environment: string, cluster: string) =>
  targetOf({ application, environment, cluster }, 'a', 0);

describe('what a filter shows', () => {
  const checkout = target('checkout', 'dev', 'dev-1');
  const rows: readonly [search: TargetSearch, shown: boolean][] = [
    [{}, true],
    [{ text: 'OUT.dev' }, true],
    [{ text: 'prod' }, false],
    [{ application: 'checkout', environment: 'dev', cluster: 'dev-1', sync: 'Synced', health: 'Healthy' }, true],
    [{ application: 'check' }, false],
    [{ environment: 'staging' }, false],
    [{ cluster: 'dev-2' }, false],
    [{ sync: 'Unknown' }, false],
    [{ health: 'Degraded' }, false],
  ];
  it.each(rows)('%j: %s', (search, shown) => expect(matchesSearch(checkout, search)).toBe(shown));

  it('stands by application, by environment on the way to production, and by cluster', () => {
    const targets = [
      target('mail', 'dev', 'dev-1'),
      target('checkout', 'attic', 'a-1'),
      target('checkout', 'production', 'p-2'),
      target('checkout', 'production', 'p-1'),
      target('checkout', 'staging', 's-1'),
    ];
    expect(targets.toSorted(byPlace(['staging', 'production'])).map(({ metadata }) => metadata.name)).toEqual([
      'checkout.staging.s-1',
      'checkout.production.p-1',
      'checkout.production.p-2',
      'checkout.attic.a-1',
      'mail.dev.dev-1',
    ]);
  });
});
