import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { GitDirObjectStore } from './git-dir-object-store.ts';
import { gitObject, type GitObject } from './git-object.ts';
import { InMemoryObjectStore } from './in-memory-object-store.ts';
import { LayeredObjectStore } from './layered-object-store.ts';
import type { ObjectStore } from './object-store.ts';

const bytesMax = 100_000;
const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

describe.each<[string, () => Promise<ObjectStore>]>([
  ['in memory', async () => new InMemoryObjectStore({ bytesMax })],
  ['in a git directory', async () => openOnDisk(await newDirectory())],
  ['in layers', async () => layered(await openOnDisk(await newDirectory()))],
])('objects %s', (_where, open) => {
  it('come back as they went in, and only those', async () => {
    const store = await open();
    const objects = [
      gitObject('blob', Buffer.from('kind: Namespace')),
      gitObject('tree', Buffer.alloc(0)),
      gitObject('blob', Buffer.alloc(0)),
      gitObject('commit', randomBytes(20_000)),
      gitObject('tag', Buffer.from('object')),
    ];
    for (const object of objects) await store.put(object);
    const read = await Promise.all(objects.map(({ oid }) => store.get(oid)));
    expect(read.map(plain)).toEqual(objects.map(plain));
    expect(await store.get('1'.repeat(40))).toBeUndefined();
    expect([await store.has(objects[0]!.oid), await store.has('1'.repeat(40))]).toEqual([true, false]);
  });

  it('may be put twice', async () => {
    const store = await open();
    const object = gitObject('blob', Buffer.from('twice'));
    await store.put(object);
    await store.put(object);
    expect(plain(await store.get(object.oid))).toEqual(plain(object));
  });

  it('do not change when the buffer they came from is used again', async () => {
    const store = await open();
    const shared = Buffer.from('as it was');
    const { oid } = gitObject('blob', shared);
    await store.put({ oid, type: 'blob', content: shared });
    shared.fill(0);
    expect(Buffer.from((await store.get(oid))!.content).toString()).toBe('as it was');
  });

  it('are forgotten when others need the room, those first that were not used for longest', async () => {
    const store = await open();
    const objects = Array.from({ length: 40 }, () => gitObject('blob', randomBytes(5_000)));
    for (const object of objects) {
      await store.put(object);
      await store.get(objects[0]!.oid);
    }
    const held = await Promise.all(objects.map(({ oid }) => store.has(oid)));
    expect([held[0], held[1], held.at(-1)]).toEqual([true, false, true]);
    expect(held.filter(Boolean).length).toBeLessThan(20);
  });
});

describe('objects in a git directory', () => {
  it('survive a restart, in the order of their age', async () => {
    const directory = await newDirectory();
    const object = gitObject('blob', Buffer.from('still here'));
    await (await openOnDisk(directory)).put(object);
    const reopened = await openOnDisk(directory);
    expect(plain(await reopened.get(object.oid))).toEqual(plain(object));
    expect(reopened.bytes).toBe(4_096);
  });

  it('fit their bound again after a restart with less room', async () => {
    const directory = await newDirectory();
    const store = await openOnDisk(directory);
    for (let count = 0; count < 10; count++) await store.put(gitObject('blob', randomBytes(100)));
    const smaller = await GitDirObjectStore.open({ directory, bytesMax: 3 * 4_096, objectBytesMax: bytesMax });
    expect([smaller.bytes, (await objectFiles(directory)).length]).toEqual([3 * 4_096, 3]);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['cut short', (file) => truncate(file, 5)],
    ['empty', (file) => truncate(file, 0)],
    ['something else', (file) => writeFile(file, 'rubbish')],
    ['another object', (file) => writeFile(file, deflateSync('blob 4\0evil'))],
    ['an object with a wrong size', (file) => writeFile(file, deflateSync('blob 3\0evil'))],
    ['a bomb', (file) => writeFile(file, deflateSync(Buffer.alloc(10_000_000)))],
    ['gone', (file) => rm(file)],
  ])('are dropped when the file is %s, and can be put again', async (_what, damage) => {
    const directory = await newDirectory();
    const store = await openOnDisk(directory);
    const object = gitObject('blob', Buffer.from('good'));
    await store.put(object);
    await damage(join(directory, 'objects', object.oid.slice(0, 2), object.oid.slice(2)));
    expect(await store.get(object.oid)).toBeUndefined();
    expect([await store.has(object.oid), await objectFiles(directory)]).toEqual([false, []]);
    await store.put(object);
    expect(plain(await store.get(object.oid))).toEqual(plain(object));
  });
});

describe('objects in layers', () => {
  it('are there for everybody while they are still being written far, and nobody waits for that', async () => {
    const { promise: disk, resolve: free } = Promise.withResolvers<void>();
    const far = new InMemoryObjectStore({ bytesMax });
    const slow: ObjectStore = {
      get: (oid) => far.get(oid),
      has: (oid) => far.has(oid),
      put: (object) => disk.then(() => far.put(object)),
    };
    const store = new LayeredObjectStore({ near: new InMemoryObjectStore({ bytesMax: 0 }), far: slow });
    const objects = Array.from({ length: 10 }, (_, index) => gitObject('blob', Buffer.from(`${index}`)));
    for (const object of objects) await store.put(object);
    const { oid } = objects[9]!;
    expect([await store.has(oid), plain(await store.get(oid)), await far.has(oid)]).toEqual([
      true,
      plain(objects[9]),
      false,
    ]);
    free();
    await store.idle();
    expect(await Promise.all(objects.map((object) => far.has(object.oid)))).toEqual(objects.map(() => true));
  });

  it('are read near once they were read far', async () => {
    const far = new InMemoryObjectStore({ bytesMax });
    const near = new InMemoryObjectStore({ bytesMax });
    const object = gitObject('blob', Buffer.from('far away'));
    await far.put(object);
    const store = new LayeredObjectStore({ near, far, onError: () => undefined });
    expect(plain(await store.get(object.oid))).toEqual(plain(object));
    expect(await near.has(object.oid)).toBe(true);
  });

  it('go on when the far layer fails, and say so', async () => {
    const errors: unknown[] = [];
    const full = new Error('no space left on device');
    const failing: ObjectStore = {
      get: () => Promise.reject(full),
      has: () => Promise.reject(full),
      put: () => Promise.reject(full),
    };
    const near = new InMemoryObjectStore({ bytesMax });
    const store = new LayeredObjectStore({ near, far: failing, onError: (error) => errors.push(error) });
    const object = gitObject('blob', Buffer.from('near'));
    await store.put(object);
    await store.idle();
    expect(plain(await store.get(object.oid))).toEqual(plain(object));
    expect([await store.get('1'.repeat(40)), await store.has('1'.repeat(40))]).toEqual([undefined, false]);
    expect(errors).toEqual([full, full, full]);
  });
});

function openOnDisk(directory: string): Promise<GitDirObjectStore> {
  return GitDirObjectStore.open({ directory, bytesMax, objectBytesMax: bytesMax });
}

/** The near layer is too small for anything, and everything is written: the far one has to answer. */
function layered(far: ObjectStore): ObjectStore {
  const near = new InMemoryObjectStore({ bytesMax: 0 });
  const store = new LayeredObjectStore({ near, far, onError: (error) => expect.fail(String(error)) });
  const put = async (object: GitObject) => {
    await store.put(object);
    await store.idle();
  };
  return { get: (oid) => store.get(oid), has: (oid) => store.has(oid), put };
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'flotilla-objects-'));
  directories.push(directory);
  return directory;
}

async function objectFiles(directory: string): Promise<string[]> {
  const files = await readdir(join(directory, 'objects'), { recursive: true });
  return files.filter((file) => /[0-9a-f]{38}$/.test(file));
}

function plain(object: GitObject | undefined): unknown {
  return object && { ...object, content: Buffer.from(object.content).toString('hex') };
}
