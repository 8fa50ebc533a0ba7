import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { statusRetention, StoredDelivery, sweepTable, type Store } from '@flotilla/control-store';
import type { DeploymentQuery, DeploymentRecord } from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { readImageQuery, type TargetStatus } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const hour = (count: number) => new Date(Date.UTC(2026, 0, 1, count));

interface Ran {
  readonly target: string;
  readonly at: number;
  readonly images?: readonly string[];
  readonly left?: number;
  readonly cluster?: string;
}

/** A record in which this ran; the release is named by target and hour. */
async function openHistory(deployments: readonly Ran[]) {
  const { store } = await fixture.store();
  await store.query(
    `INSERT INTO cluster (uid, project, name, labels, created_at)
     VALUES ('c1-uid', 'default', 'c1', '{}', now()), ('c2-uid', 'default', 'c2', '{}', now())`,
  );
  await store.query(
    `INSERT INTO forgotten_cluster (uid, project, name, at, actor) VALUES ('lost-uid', 'default', 'lost', $1, 'user:ann')`,
    [hour(9)],
  );
  for (const { target, at, images, left, cluster = 'c1' } of deployments)
    await store.query(
      `INSERT INTO deployment (target, at, project, application_name, environment, cluster, release, revision, health,
         source_digest, images, left_at)
       VALUES ($1, $2, 'default', $3, 'dev', $4, $5, $6, 'Healthy', $7, $8, $9)`,
      [
        target,
        hour(at),
        target.split('-')[0],
        `${cluster}-uid`,
        `${target}@${at}`,
        `${at}`.padStart(40, 'a'),
        `${at}`.padStart(64, 'd'),
        images ?? null,
        left === undefined ? null : hour(left),
      ],
    );
  return store;
}

const ask = (store: Store, query: Partial<DeploymentQuery> = {}) =>
  new StoredDelivery(store).deployments({ project: 'default', page: { limit: 100 }, ...query });

/** `checkout@1-3 replaced`: what, from which hour until which, and why no longer. */
function brief({ release, cluster, until, ended }: DeploymentRecord): string {
  const end = until ? `-${(until.getTime() - hour(0).getTime()) / 3_600_000} ${ended}` : '';
  return `${release}${end} on ${cluster}`;
}

async function ran(store: Store, query: Partial<DeploymentQuery> = {}): Promise<string[]> {
  return (await ask(store, query)).items.map(brief);
}

const history: readonly Ran[] = [
  { target: 'checkout-1', at: 1 },
  { target: 'checkout-1', at: 3 },
  { target: 'checkout-2', at: 2, left: 5, cluster: 'c2' },
  { target: 'accounts-1', at: 4, cluster: 'lost' },
];

describe('what ran where', () => {
  it('goes from when it was applied until another came, the target left, or the cluster was forgotten', async () => {
    expect(await ran(await openHistory(history))).toEqual([
      'accounts-1@4-9 forgotten on lost',
      'checkout-1@3 on c1',
      'checkout-2@2-5 left on c2',
      'checkout-1@1-3 replaced on c1',
    ]);
  });

  it.each([
    [0, []],
    [1, ['checkout-1@1-3 replaced on c1']],
    [2.5, ['checkout-2@2-5 left on c2', 'checkout-1@1-3 replaced on c1']],
    [3, ['checkout-1@3 on c1', 'checkout-2@2-5 left on c2']],
    [8, ['accounts-1@4-9 forgotten on lost', 'checkout-1@3 on c1']],
    [9, ['checkout-1@3 on c1']],
  ])('at hour %s', async (at, expected) => {
    expect(await ran(await openHistory(history), { at: hour(at) })).toEqual(expected);
  });

  it('is narrowed by place, digest and revision, and comes page by page', async () => {
    const store = await openHistory(history);
    const first = await ask(store, { page: { limit: 2 } });
    const second = await ask(store, { page: { limit: 2, cursor: first.nextCursor! } });
    expect({
      application: await ran(store, { application: 'accounts' }),
      cluster: await ran(store, { cluster: 'c2' }),
      lost: await ran(store, { cluster: 'lost' }),
      digest: await ran(store, { sourceDigest: '3'.padStart(64, 'd') }),
      revision: await ran(store, { revision: '2'.padStart(40, 'a') }),
      begins: (await ran(store, { revision: 'aaa' })).length,
      pages: [...first.items, ...second.items].map(brief),
    }).toEqual({
      application: ['accounts-1@4-9 forgotten on lost'],
      cluster: ['checkout-2@2-5 left on c2'],
      lost: ['accounts-1@4-9 forgotten on lost'],
      digest: ['checkout-1@3 on c1'],
      revision: ['checkout-2@2-5 left on c2'],
      begins: 4,
      pages: await ran(store),
    });
  });
});

const digest = `sha256:${'b'.repeat(64)}`;
const images: readonly Ran[] = [
  { target: 'a', at: 1, images: ['ghcr.io/shop/checkout:1.0', 'nginx'] },
  { target: 'b', at: 2, images: [`ghcr.io/shop/checkout:1.1@${digest}`] },
  { target: 'c', at: 3, images: [`ghcr.io/shop/checkout@${digest}`, 'registry:5000/nginx:1'] },
  { target: 'd', at: 4, images: ['docker.io/library/nginx:1.27', 'ghcr.io/shop/checkout-proxy:1.0'] },
  { target: 'e', at: 5, images: [] },
  { target: 'f', at: 6 },
];

describe('who ever ran an image', () => {
  it.each([
    ['ghcr.io/shop/checkout', 'c b a'],
    ['ghcr.io/shop/checkout:1.0', 'a'],
    ['ghcr.io/shop/checkout:1.1', 'b'],
    [`ghcr.io/shop/checkout@${digest}`, 'c b'],
    [`@${digest}`, 'c b'],
    ['nginx', 'd a'],
    ['nginx:latest', 'a'],
    ['library/nginx:1.27', 'd'],
    ['registry:5000/nginx', 'c'],
    ['checkout', ''],
  ])('%s: %s', async (image, targets) => {
    const { items } = await ask(await openHistory(images), { image: readImageQuery(image) });
    expect(items.map(({ target }) => target).join(' ')).toBe(targets);
  });

  it('is said with how many do not tell', async () => {
    const store = await openHistory(images);
    const query = { project: 'default', page: { limit: 1 }, image: readImageQuery('nginx') };
    const asked = (over: object) => new StoredDelivery(store).withoutImages({ ...query, ...over });
    expect([await asked({}), await asked({ application: 'e' })]).toEqual([1, 0]);
  });
});

describe('what an agent reports', () => {
  it('is kept with its images and its source digest, and ends when the target left', async () => {
    const { store, entry, cluster, statuses } = await openTarget(fixture);
    let reports = 0;
    const says = (status: TargetStatus, at: number) =>
      statuses.store([reportOf(cluster, ++reports, [status])], hour(at).getTime());
    const status = statusOf(entry, { appliedAt: isoTime(hour(1).getTime()), since: isoTime(hour(1).getTime()) });
    const told = async () => {
      const { items } = await ask(store);
      return items.map(({ images: named, sourceDigest, until, ended }) => ({ named, sourceDigest, until, ended }));
    };
    const { sourceDigest } = entry;
    await says(status, 1);
    const old = await told();
    await says({ ...status, images: ['a:1', 'b:2'] }, 2);
    const newer = await told();
    await says(status, 3);
    const without = await told();
    const { appliedAt: _, revision: __, release: ___, ...left } = status;
    await says({ ...left, health: 'Missing', gone: true }, 4);
    await says({ ...left, health: 'Missing', gone: true, since: isoTime(hour(5).getTime()) }, 5);
    const gone = await told();
    await says({ ...status, images: ['a:1', 'b:2'] }, 6);
    expect([old, newer, without, gone, await told()]).toEqual([
      [{ sourceDigest }],
      [{ named: ['a:1', 'b:2'], sourceDigest }],
      [{ named: ['a:1', 'b:2'], sourceDigest }],
      [{ named: ['a:1', 'b:2'], sourceDigest, until: hour(4), ended: 'left' }],
      [{ named: ['a:1', 'b:2'], sourceDigest }],
    ]);
  });
});

describe('what retention took', () => {
  it('is said: how far back the record goes, and nothing where nothing was taken', async () => {
    const store = await openHistory(history);
    const before = (await ask(store)).knownSince;
    const [rule] = statusRetention({ deploymentsMs: 0 });
    const removed = await sweepTable(store, rule!);
    await sweepTable(store, rule!);
    const after = await ask(store);
    expect({ before, removed, after: [after.items.length, after.knownSince] }).toEqual({
      before: undefined,
      // Whatever is left of a target that is gone goes as well: there are no targets here.
      removed: 4,
      after: [0, hour(4)],
    });
  });
});
