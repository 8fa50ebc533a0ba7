import { digestOf } from '@flotilla/foundation/node';
import { describe, expect, it } from 'vitest';
import type { DesiredEntry } from '../desired-set.ts';
import { entryDigest, setDigest, sourceDigest } from './digests.ts';

describe('the digest of a set', () => {
  it('does not depend on the order of its entries, and tells doubled ones', () => {
    expect(setDigest(['b', 'a', 'c'])).toBe(setDigest(['c', 'b', 'a']));
    expect(setDigest(['a', 'a'])).not.toBe(setDigest(['a']));
    expect(setDigest(['ab'])).not.toBe(setDigest(['a', 'b']));
    expect(setDigest([])).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with everything in an entry, known or not', () => {
    const entry = { target: 't1', generation: 1, source: { path: 'a' } } as unknown as DesiredEntry;
    const digests = [
      entry,
      { ...entry, generation: 2 },
      { ...entry, later: true },
      { ...entry, source: { ...entry.source, path: 'b' } },
      { ...entry, suspended: { by: 'a', reason: 'b', since: 'c' } },
    ].map(entryDigest);
    expect(new Set(digests).size).toBe(5);
    expect(entryDigest({ ...entry })).toBe(digests[0]);
  });
});

describe('the digest of a source', () => {
  const inputs = { repository: 'https://git/shop', path: 'app', trees: ['t1', undefined] };
  const render = { helm: { releaseName: 'shop' } };

  it.each([
    ['repository', { repository: 'https://git/other' }],
    ['path', { path: 'app2' }],
    ['own tree', { trees: ['t2', undefined] }],
    ['shared tree', { trees: ['t1', 't3'] }],
    ['order of trees', { trees: [undefined, 't1'] }],
    ['settings of its rendering', { render }],
    ['text to fill in', { render: { substitute: {} } }],
  ])('is another one with another %s', (_, change) =>
    expect(sourceDigest({ ...inputs, ...change })).not.toBe(sourceDigest(inputs)),
  );

  it('AT-31 is another one with every other setting of rendering', () => {
    const helm = { releaseName: 'a', valuesFiles: ['b.yaml', 'c.yaml'], values: { d: 1 }, skipCrds: true };
    const digests = [
      render,
      { ...render, with: 'helm' as const },
      { ...render, substitute: {} },
      { ...render, substitute: { a: '1' } },
      { helm },
      { helm: { ...helm, valuesFiles: helm.valuesFiles.toReversed() } },
      { helm: { ...helm, values: { d: '1' } } },
      { helm: { ...helm, skipCrds: false } },
      { helm: { ...helm, skipTests: true } },
    ].map((settings) => sourceDigest({ ...inputs, render: settings }));
    expect(new Set(digests).size).toBe(9);
  });

  it('stays what it was before there were settings, so that a newer control plane brings nobody a release', () => {
    const before = digestOf({ ...inputs, renderer: 'plain/1' });
    expect(sourceDigest({ ...inputs, render: undefined })).toBe(before);
  });
});
