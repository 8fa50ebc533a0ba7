import { describe, expect, it } from 'vitest';
import { operations, type RanView } from '@flotilla/contracts';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { planeWith, sampleCluster, worldOf } from '../testing/sample-fleet.ts';

const ran = (place: string, over: Partial<RanView> = {}): RanView => {
  const [application = '', environment = '', cluster = ''] = place.split('.');
  return {
    application,
    environment,
    cluster,
    target: `${place}-uid`,
    at: '2025-12-31T20:00:00.000Z',
    revision: '1a2b3c4d'.padEnd(40, '0'),
    release: 'release1',
    sourceDigest: 'd'.repeat(64),
    images: ['app:1'],
    health: 'Healthy',
    ...over,
  };
};

type Query = Readonly<Record<string, string>>;

/** A control plane that gives these, one on a page. */
const planeOf = (items: (query: Query) => readonly RanView[], more: object = {}, plane = new FakeControlPlane()) =>
  plane.on(operations.listDeployments, ({ query }) => {
    const page = Number(query['cursor'] ?? 0);
    const all = items(query);
    return { items: all.slice(page, page + 1), ...(page + 1 < all.length && { nextCursor: `${page + 1}` }), ...more };
  });

const queriesOf = (plane: FakeControlPlane) =>
  plane.asked
    .filter((line) => line.includes('/deployments'))
    .map((line) => Object.fromEntries(new URL(line.slice(4), plane.url).searchParams))
    .filter((query) => query['cursor'] === undefined)
    .map(({ limit: _, ...query }) => query);

describe('ran', () => {
  it('shows what ran at a moment, and says what is not known any more', async () => {
    const items = [
      ran('checkout.dev.c1'),
      ran('accounts.dev.c1', { until: '2025-12-31T23:30:00.000Z', ended: 'left' }),
    ];
    const plane = planeOf(() => items, { knownSince: '2025-12-31T23:00:00.000Z' });
    const { out, err } = await worldOf(plane).run('ran', '--at', '2h ago', '--environment', 'dev', '-o', 'wide');
    expect({ out, err, queries: queriesOf(plane) }).toEqual({
      out: [
        'APPLICATION   ENVIRONMENT   CLUSTER   REVISION   SOURCE         FROM                       UNTIL                      ENDED    RELEASE    IMAGES',
        'checkout      dev           c1        1a2b3c4d   dddddddddddd   2025-12-31T20:00:00.000Z   now                        <none>   release1   app:1',
        'accounts      dev           c1        1a2b3c4d   dddddddddddd   2025-12-31T20:00:00.000Z   2025-12-31T23:30:00.000Z   left     release1   app:1',
        '',
      ].join('\n'),
      err: 'of what was before 2025-12-31T23:00:00.000Z not everything is kept: targets may be missing (DEPLOYMENT_RETENTION)\n',
      queries: [{ environment: 'dev', at: '2025-12-31T22:00:00.000Z' }],
    });
  });

  it('says nothing of what is not kept where it does not matter', async () => {
    const { err } = await worldOf(planeOf(() => [ran('a.dev.c1')], { knownSince: '2025-01-01T00:00:00.000Z' })).run(
      'ran',
    );
    expect(err).toBe('');
  });

  it.each([
    ['now', [], { at: '2026-01-01T00:00:00.000Z' }],
    ['an image, whenever', ['--image', 'app:1'], { image: 'app:1' }],
    ['an image, then', ['--image', 'app:1', '--at', '2025-12-31'], { image: 'app:1', at: '2025-12-31T00:00:00.000Z' }],
    ['a digest', ['--source-digest', 'ddd', '--cluster', 'c1'], { sourceDigest: 'ddd', cluster: 'c1' }],
    ['a revision', ['--revision', '1a2b', '--application', 'a'], { revision: '1a2b', application: 'a' }],
  ])('asks for %s', async (_, flags, query) => {
    const plane = planeOf(() => []);
    const { code, err } = await worldOf(plane).run('ran', ...flags);
    expect([code, err, queriesOf(plane)]).toEqual([0, 'nothing that is known\n', [query]]);
  });

  it('shows in which spans an image ran, and how many do not tell', async () => {
    const later = { at: '2025-12-31T22:00:00.000Z', revision: '5e6f7a8b'.padEnd(40, '0') };
    const items = [ran('a.dev.c1', later), ran('a.dev.c1', { until: later.at, ended: 'replaced' })];
    const { out, err } = await worldOf(planeOf(() => items, { withoutImages: 3 })).run('ran', '--image', 'app');
    expect([out.split('\n').slice(1), err]).toEqual([
      ['a             dev           c1        5e6f7a8b   dddddddddddd   2025-12-31T20:00:00.000Z   now     <none>', ''],
      '3 more say nothing of their images: an older agent reported them\n',
    ]);
  });

  it('refuses a moment that is none', async () => {
    expect((await worldOf(planeOf(() => [])).run('ran', '--at', 'teatime')).code).toBe(2);
  });
});

describe('compare', () => {
  const clusters = [sampleCluster('eu-1'), sampleCluster('eu-2')];
  const newer = { revision: '5e6f7a8b'.padEnd(40, '0'), sourceDigest: 'e'.repeat(64), images: ['app:2'] };

  it('says how two clusters differ now', async () => {
    const sides: Readonly<Record<string, readonly RanView[]>> = {
      'eu-1': [ran('checkout.prod.eu-1'), ran('accounts.prod.eu-1'), ran('same.prod.eu-1')],
      'eu-2': [ran('checkout.prod.eu-2', newer), ran('same.prod.eu-2')],
    };
    const plane = planeOf((query) => sides[query['cluster']!]!, {}, planeWith({ clusters }));
    const { code, out, err } = await worldOf(plane).run('compare', '--clusters', 'eu-1', 'eu-2');
    expect({ code, out, err, queries: queriesOf(plane) }).toEqual({
      code: 1,
      out: [
        'APPLICATION   ENVIRONMENT   WHAT            eu-1           eu-2',
        'accounts      prod          runs            yes            no',
        'checkout      prod          revision        1a2b3c4d       5e6f7a8b',
        'checkout      prod          source digest   dddddddddddd   eeeeeeeeeeee',
        'checkout      prod          images          app:1          app:2',
        '',
      ].join('\n'),
      err: '4 differences\n',
      queries: ['eu-1', 'eu-2'].map((cluster) => ({ cluster, at: '2026-01-01T00:00:00.000Z' })),
    });
  });

  it('says how a fleet differs between two moments, target by target', async () => {
    const before = '2025-12-31T22:00:00.000Z';
    const plane = planeOf(({ at }) => [ran('a.dev.c1', at === before ? {} : newer), ran('b.dev.c1')]);
    const { code, out } = await worldOf(plane).run('compare', '--from', '2h ago', '--environment', 'dev', '-o', 'json');
    const row = { application: 'a', environment: 'dev', cluster: 'c1' };
    expect([code, JSON.parse(out), queriesOf(plane)]).toEqual([
      1,
      {
        items: [
          { ...row, what: 'revision', left: '1a2b3c4d', right: '5e6f7a8b' },
          { ...row, what: 'source digest', left: 'dddddddddddd', right: 'eeeeeeeeeeee' },
          { ...row, what: 'images', left: 'app:1', right: 'app:2' },
        ],
      },
      [before, '2026-01-01T00:00:00.000Z'].map((at) => ({ environment: 'dev', at })),
    ]);
  });

  it('ends with 0 when nothing differs', async () => {
    const { code, out, err } = await worldOf(planeOf(() => [ran('a.dev.c1')])).run('compare', '--from', '2h ago');
    expect([code, out, err]).toEqual([0, '', 'nothing differs\n']);
  });

  it.each([
    ['nothing', []],
    ['one cluster', ['--clusters', 'eu-1']],
    ['three clusters', ['--clusters', 'a', 'b', 'c']],
    ['an end without a beginning', ['--to', 'now']],
    ['clusters and moments', ['--clusters', 'eu-1', 'eu-2', '--from', '2h ago']],
  ])('refuses %s', async (_, flags) => {
    expect((await worldOf(planeWith({ clusters })).run('compare', ...flags)).code).toBe(2);
  });

  it('knows no cluster that is not there', async () => {
    expect((await worldOf(planeWith({ clusters })).run('compare', '--clusters', 'eu-1', 'eu-9')).code).toBe(5);
  });
});
