import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type RepairView } from '@flotilla/contracts';
import type { RepairOrder } from '@flotilla/control-sources';
import { createDatabase, openRepair, RepairStore, Store } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { startRecordedHost, type RecordedHost } from '@flotilla/platform-git/testing';
import { until } from '@flotilla/testing';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';

const project = 'default';
const params = { project };
const path = 'services/checkout';
const token = 'host-canary';
let plane: PlaneFixture;
let store: Store;
let host: RecordedHost;
let repositories = 0;

beforeAll(async () => {
  plane = await startPlane({ replicas: 2 });
  host = await startRecordedHost('gitlab', token);
  const database = createDatabase({ url: plane.databaseUrl });
  await database.initialize();
  store = new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined });
});

afterAll(async () => {
  await host?.close();
  await plane?.stop();
});

describe('the repair of Git by real services', () => {
  it('AT-38: pushes one commit with the credential that may write, and tells how it went', async () => {
    const shop = await newShop({ write: 'shop-write' });
    plane.git.setCredential(shop.name, { token: 'write-canary' });
    await putCredential('shop-write', plane.git.origin, 'write-canary');
    const uid = await shop.open();
    const repair = await standing(uid, 'Pushed');
    const refs = await plane.git.refs(shop.name);
    expect([refs.get('refs/heads/main'), await shop.open()]).toEqual([repair.status.revert, uid]);
    expect(repair).toMatchObject({
      spec: { repository: shop.name, branch: 'main', goodRevision: shop.good, actor: 'user:ann', reason: 'it broke' },
      status: { conflicts: [] },
    });
    const { items } = await plane.client.call(operations.listEvents, { params });
    expect(items.filter(({ subject }) => subject === `Repository ${project}/${shop.name}`)).toMatchObject([
      { action: 'repair.push', actor: 'user:ann', message: expect.stringContaining('it broke') as string },
      { action: 'document.create' },
    ]);
  });

  it('waits for a credential by name, and goes on as soon as it is set', async () => {
    const shop = await newShop({ write: 'later' });
    const uid = await shop.open();
    const waiting = await standing(uid, 'Waiting', ({ status }) => status.reason !== undefined);
    expect(waiting.status.reason).toMatchObject({ code: 'CredentialMissing' });
    await putCredential('later', plane.git.origin, 'anything');
    await standing(uid, 'Pushed');
  });

  it('opens one pull request where the branch is protected, and reads that it was merged', async () => {
    await putCredential('host', new URL(host.url).origin, token);
    const shop = await newShop({ write: 'later', host: host.url, name: 'example/shop' });
    await protect('example/shop', 'main');
    const uid = await shop.open();
    const open = await standing(uid, 'PullRequestOpen');
    expect(open.status.url).toBe('https://gitlab.example/example/shop/-/merge_requests/1');
    expect(host.kept).toMatchObject([{ branch: `flotilla/repair-${uid}`, into: 'main', state: 'open' }]);
    host.decide('merged');
    await store.mark('repair', uid);
    await standing(uid, 'Merged');
    expect(host.kept.length).toBe(1);
  });

  it('AT-38: is done once, whatever dies on the way', async () => {
    const shops = await Promise.all(Array.from({ length: 8 }, () => newShop({ write: 'later' })));
    const uids = await Promise.all(shops.map(({ open }) => open()));
    await plane.crashServices();
    for (const uid of uids) await standing(uid, 'Pushed');
    const commits = await Promise.all(shops.map(({ name }) => commitsOf(name)));
    expect(commits).toEqual(shops.map(() => 3));
  });
});

describe('a repair in PostgreSQL', () => {
  it('is there with the rollback that asks for it, or not at all', async () => {
    const shop = await newShop({});
    const rollback = store.ids.next();
    const failing = store.transact(async (transaction) => {
      await openRepair(transaction, { ...shop.order, rollback });
      throw new Error('the rollback failed');
    });
    await expect(failing).rejects.toThrow('the rollback failed');
    expect(await store.query('SELECT uid FROM repair WHERE rollback = $1', [rollback])).toEqual([]);
  });

  it('is one for the same revisions, however often it is asked for, and another one for others', async () => {
    const shop = await newShop({});
    const others = [{ paths: ['services/other'] }, { goodRevision: shop.bad }, { rollback: 'another' }];
    const asked = [shop.order, shop.order, ...others.map((other) => ({ ...shop.order, ...other }))];
    const uids = await Promise.all(
      asked.map((order) => store.transact((transaction) => openRepair(transaction, order))),
    );
    expect([uids[0] === uids[1], new Set(uids).size]).toEqual([true, 4]);
  });

  it('is none where there is no such repository', async () => {
    const shop = await newShop({});
    const order = { ...shop.order, repository: 'nobody' };
    expect(await store.transact((transaction) => openRepair(transaction, order))).toBeUndefined();
  });

  it('tells the ledger only what is news', async () => {
    const shop = await newShop({ write: 'nowhere' });
    // Whoever works on repairs would tell of this one as well.
    await Promise.all(plane.services.sources.map((child) => child.stop()));
    const repairs = new RepairStore(store);
    const uid = await shop.open();
    const { repair } = (await repairs.find(uid))!;
    for (let times = 0; times < 3; times++) {
      const error = { code: 'RepairConflict', message: 'decide' };
      await repairs.progress(repair, { state: 'Conflict', conflicts: ['a.yaml'], error });
    }
    const lines = await store.query<{ action: string }>('SELECT action FROM ledger WHERE subject = $1 ORDER BY id', [
      `Repository ${project}/${shop.name}`,
    ]);
    expect(lines.map(({ action }) => action)).toEqual(['document.create', 'repair.fail']);
  });
});

interface ShopOptions {
  readonly write?: string;
  readonly host?: string;
  readonly name?: string;
}

/** A repository whose first commit was good and whose second was not, and the document that says who may write to it. */
async function newShop(options: ShopOptions) {
  const name = `shop-${repositories++}`;
  const place = options.name ?? name;
  await mkdir(join(plane.git.directory(place), '..'), { recursive: true });
  const good = await plane.git.createRepository(place, { [`${path}/a.yaml`]: 'a: 1\n' });
  const bad = await plane.git.commit(place, { [`${path}/a.yaml`]: 'a: 2\n' });
  const { write, host: api } = options;
  const spec = {
    url: plane.git.url(place),
    ...(write && { write: { credential: write } }),
    ...(api && { host: { type: 'gitlab', url: api, credential: 'host' } }),
  };
  const document = { apiVersion: 'fleet.flotilla.dev/v1alpha1', kind: 'Repository', metadata: { name }, spec };
  const files = [{ file: `${name}.json`, text: JSON.stringify(document) }];
  await plane.client.call(operations.applyDocuments, { params, body: { files } });
  const order: RepairOrder = {
    rollback: `rollback-of-${name}`,
    project,
    repository: name,
    branch: 'main',
    applications: ['checkout'],
    paths: [path],
    goodRevision: good,
    badRevision: bad,
    reason: 'it broke',
    by: { kind: 'user', name: 'ann' },
  };
  const open = () => store.transact((transaction) => openRepair(transaction, order)) as Promise<string>;
  return { name, good, bad, order, open };
}

function putCredential(name: string, origin: string, secret: string) {
  const body = { kind: 'bearer', origin, token: secret } as const;
  return plane.client.call(operations.putCredential, { params: { project, name }, body });
}

async function standing(
  uid: string,
  state: RepairView['status']['state'],
  also: (repair: RepairView) => boolean = () => true,
): Promise<RepairView> {
  const find = async () => {
    const { items } = await plane.client.call(operations.listRepairs, { params });
    return items.find((item) => item.metadata.uid === uid && item.status.state === state && also(item));
  };
  return until(find, { what: `repair ${uid} to be ${state}`, timeoutMs: 60_000 });
}

async function protect(repository: string, branch: string): Promise<void> {
  const file = join(plane.git.directory(repository), 'hooks', 'update');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n[ "$1" != "refs/heads/${branch}" ] || { echo "protected" >&2; exit 1; }\n`);
  await chmod(file, 0o755);
}

async function commitsOf(repository: string): Promise<number> {
  const args = ['-C', plane.git.directory(repository), 'rev-list', '--count', 'main'];
  return Number((await promisify(execFile)('git', args)).stdout);
}
