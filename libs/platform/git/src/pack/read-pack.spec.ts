import { createHash, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { Fault, seededRandom } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { gitLimits, type GitLimits } from '../git-limits.ts';
import { gitObject, objectId, type GitObject } from '../objects/git-object.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { copyDelta, insertDelta, writePack, type PackedEntry } from '../testing/pack-writer.ts';
import { PullBudget } from './pull-budget.ts';
import { readPack } from './read-pack.ts';

const base = Buffer.from('replicas: 1\nimage: shop/checkout:1.0.0\n');
const changed = Buffer.from('replicas: 2\nimage: shop/checkout:1.0.0\n');

describe('reading a pack', () => {
  it('gives every object under the id that its content hashes to', async () => {
    const entries: PackedEntry[] = [
      { kind: 'commit', data: Buffer.from('tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nempty') },
      { kind: 'tree', data: Buffer.alloc(0) },
      { kind: 'blob', data: base },
      { kind: 'tag', data: Buffer.from('object 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n') },
    ];
    expect(summary(await read(writePack(entries)))).toEqual([
      ['commit', 52],
      ['tree', 0],
      ['blob', base.length],
      ['tag', 48],
    ]);
    expect((await read(writePack(entries))).map(({ oid }) => oid)).toContain(
      '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    );
  });

  it('is the same however the bytes are cut into chunks', async () => {
    const pack = writePack([
      { kind: 'blob', data: randomBytes(70_000) },
      { kind: 'blob', data: base },
      { kind: 'offset-delta', baseIndex: 1, data: insertDelta(base, changed) },
    ]);
    const whole = await read(pack);
    for (const chunkBytes of [1, 7, 1_000, 65_536]) expect(await read(pack, { chunkBytes })).toEqual(whole);
  });

  it('resolves differences from an entry, from an id in the pack, and from an object that is held', async () => {
    const held = gitObject('blob', base);
    const middle = Buffer.from('replicas: 3\n');
    const objects = await read(
      writePack([
        { kind: 'id-delta', baseOid: objectId('blob', middle), data: insertDelta(middle, Buffer.from('from an id')) },
        { kind: 'id-delta', baseOid: held.oid, data: insertDelta(base, changed) },
        { kind: 'blob', data: middle },
        { kind: 'offset-delta', baseIndex: 2, data: copyDelta({ bytes: middle.length }, 2) },
      ]),
      { held: [held] },
    );
    expect(texts(objects)).toEqual(
      new Set(['replicas: 3\n', 'from an id', 'replicas: 3\nreplicas: 3\n', changed.toString()]),
    );
  });

  it('leaves out a difference from an object that nobody holds', async () => {
    const stranger: PackedEntry = { kind: 'id-delta', baseOid: '1'.repeat(40), data: insertDelta(base, changed) };
    expect(texts(await read(writePack([stranger, { kind: 'blob', data: base }])))).toEqual(new Set([base.toString()]));
  });

  it('builds thousands of differences on one object', async () => {
    const deltas = Array.from({ length: 5_000 }, (_, index): PackedEntry => {
      return { kind: 'offset-delta', baseIndex: 0, data: insertDelta(base, Buffer.from(`${index}`)) };
    });
    expect(await read(writePack([{ kind: 'blob', data: base }, ...deltas]))).toHaveLength(5_001);
  });
});

describe('AT-21 a pack that is a bomb is refused on what it declares', () => {
  const gibibyte = 1024 ** 3;
  const chain = (depth: number): PackedEntry[] => [
    { kind: 'blob', data: base },
    ...Array.from({ length: depth }, (_, index): PackedEntry => {
      return { kind: 'offset-delta', baseIndex: index, data: copyDelta({ bytes: base.length }) };
    }),
  ];

  it.each<[what: string, entries: PackedEntry[], reason: string, limits?: Partial<GitLimits>]>([
    ['an object of 3 GiB', [{ kind: 'blob', data: base, declaredSize: 3 * gibibyte }], 'GitObjectTooLarge'],
    ['an object of 17 MiB', [{ kind: 'blob', data: Buffer.alloc(17 * 1024 ** 2) }], 'GitObjectTooLarge'],
    ['a small object that inflates to 17 MiB', [lying(Buffer.alloc(17 * 1024 ** 2), 1_000)], 'GitPackCorrupt'],
    ['an object smaller than it declares', [lying(base, base.length + 1)], 'GitPackCorrupt'],
    [
      'a difference with a result of 3 GiB',
      [
        { kind: 'blob', data: base },
        { kind: 'offset-delta', baseIndex: 0, data: insertDelta(base, changed, 3 * gibibyte) },
      ],
      'GitObjectTooLarge',
    ],
    [
      'a small difference that copies its base a thousand times',
      [
        { kind: 'blob', data: Buffer.alloc(100_000) },
        { kind: 'offset-delta', baseIndex: 0, data: copyDelta({ bytes: 100_000 }, 1_000) },
      ],
      'GitObjectTooLarge',
    ],
    ['differences 10,000 deep', chain(10_000), 'GitDeltaTooDeep'],
    [
      'many objects that are too much together',
      Array.from({ length: 5 }, () => ({ kind: 'blob', data: Buffer.alloc(15 * 1024 ** 2) })),
      'GitPackTooLarge',
    ],
    [
      'more objects than allowed',
      [{ kind: 'blob', data: base }, ...chain(1)],
      'GitTooManyObjects',
      { packObjectsMax: 2 },
    ],
    [
      'more bytes than allowed',
      [{ kind: 'blob', data: randomBytes(9_000) }],
      'GitPackTooLarge',
      { packBytesMax: 8_000 },
    ],
  ])('%s', async (_what, entries, reason, limits) => {
    expect((await faultOf(read(writePack(entries), { limits: limits ?? {} }))).reason).toBe(reason);
  });

  it('a difference exactly as deep as allowed is read', async () => {
    expect(await read(writePack(chain(256)))).toHaveLength(257);
  });

  it('stops downloading when the header already says too much', async () => {
    let chunksTaken = 0;
    async function* endless() {
      yield writePack([{ kind: 'blob', data: base }], { declaredCount: 1_000_000 });
      for (;;) {
        chunksTaken++;
        yield Buffer.alloc(65_536);
      }
    }
    expect((await faultOf(readPack(endless(), optionsOf({})))).reason).toBe('GitTooManyObjects');
    expect(chunksTaken).toBeLessThan(2);
  });
});

describe('AT-21 a pack that is damaged is refused', () => {
  const good = writePack([
    { kind: 'blob', data: base },
    { kind: 'offset-delta', baseIndex: 0, data: insertDelta(base, changed) },
  ]);
  const flipped = Buffer.from(good);
  flipped.writeUInt8(flipped.readUInt8(good.length - 25) ^ 0x10, good.length - 25);
  const badTrailer = Buffer.from(good);
  badTrailer.writeUInt8(badTrailer.readUInt8(good.length - 1) ^ 1, good.length - 1);
  const delta = (data: Uint8Array): Buffer =>
    writePack([
      { kind: 'blob', data: base },
      { kind: 'offset-delta', baseIndex: 0, data },
    ]);

  it.each<[what: string, pack: Uint8Array, reason: string]>([
    ['cut in its header', good.subarray(0, 8), 'GitPackTruncated'],
    ['cut in an entry', good.subarray(0, 30), 'GitPackTruncated'],
    ['cut in its checksum', good.subarray(0, -3), 'GitPackTruncated'],
    ['fewer objects than it declares', writePack([], { declaredCount: 1 }), 'GitPackCorrupt'],
    ['a bit flipped', flipped, 'GitPackCorrupt'],
    ['a wrong checksum', badTrailer, 'GitPackCorrupt'],
    ['more bytes after its end', Buffer.concat([good, Buffer.from('x')]), 'GitPackCorrupt'],
    ['something else altogether', Buffer.from('<html><body>Please sign in</body></html>'), 'GitPackCorrupt'],
    ['an unknown type', rawEntry(Buffer.from([0x50])), 'GitPackCorrupt'],
    ['a size without an end', rawEntry(Buffer.alloc(32, 0xff)), 'GitPackCorrupt'],
    [
      'bytes that are not compressed',
      rawEntry(Buffer.concat([Buffer.from([0x35]), Buffer.alloc(400, 7)])),
      'GitPackCorrupt',
    ],
    ['a difference for another base', delta(insertDelta(Buffer.from('another'), changed)), 'GitPackCorrupt'],
    [
      'a difference that reads beyond its base',
      delta(Buffer.concat([copyHead(), Buffer.from([0x91, 30, 39])])),
      'GitPackCorrupt',
    ],
    [
      'a difference that writes too much',
      delta(Buffer.concat([copyHead(), Buffer.from([0x90, 39, 0x90, 39])])),
      'GitPackCorrupt',
    ],
    ['a difference that writes too little', delta(insertDelta(base, changed, changed.length + 1)), 'GitPackCorrupt'],
    ['a difference cut in an instruction', delta(insertDelta(base, changed).subarray(0, -1)), 'GitPackCorrupt'],
    [
      'a difference with an unknown instruction',
      delta(Buffer.concat([copyHead(), Buffer.from([0])])),
      'GitPackCorrupt',
    ],
  ])('%s', async (_what, pack, reason) => {
    expect((await faultOf(read(pack))).reason).toBe(reason);
  });

  it('in whatever way: it ends in a fault, or with objects that are what they say', async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 3_000; round++) {
      const damaged = Buffer.from(good.subarray(0, -20));
      for (let flips = 0; flips <= round % 3; flips++) {
        damaged.writeUInt8(Math.floor(random.next() * 256), Math.floor(random.next() * damaged.length));
      }
      const pack = Buffer.concat([damaged, createHash('sha1').update(damaged).digest()]);
      const outcome = await read(pack, { limits: { objectBytesMax: 100_000 } }).catch((error: unknown) => error);
      const objects = Array.isArray(outcome) ? (outcome as GitObject[]) : [];
      expect(objects.every(({ oid, type, content }) => objectId(type, content) === oid)).toBe(true);
      expect(Array.isArray(outcome) || outcome instanceof Fault).toBe(true);
    }
  });

  it('an object that was replaced is not found under the id of the one that was asked for', async () => {
    const objects = await read(writePack([{ kind: 'blob', data: Buffer.from('evil') }]));
    expect(objects.map(({ oid }) => oid)).toEqual([objectId('blob', Buffer.from('evil'))]);
  });
});

interface ReadOptions {
  readonly chunkBytes?: number;
  readonly held?: readonly GitObject[];
  readonly limits?: Partial<GitLimits>;
}

function read(pack: Uint8Array, options: ReadOptions = {}): Promise<GitObject[]> {
  return readPack(chunksOf(pack, options.chunkBytes ?? 16_384), optionsOf(options));
}

function optionsOf({ held = [], limits = {} }: ReadOptions) {
  const all = { ...gitLimits, ...limits };
  return {
    budget: new PullBudget(all),
    objectsMax: all.packObjectsMax,
    findBase: async (oid: string) => held.find((object) => object.oid === oid),
  };
}

async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

function lying(data: Uint8Array, declaredSize: number): PackedEntry {
  return { kind: 'blob', data, declaredSize };
}

/** A pack whose one entry is these bytes, with a right checksum. */
function rawEntry(entry: Buffer): Buffer {
  const body = Buffer.concat([writePack([], { declaredCount: 1 }).subarray(0, 12), entry, deflateSync(base)]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** The two sizes of a delta on the base with a result of the same size. */
function copyHead(): Buffer {
  return Buffer.from([base.length, base.length]);
}

function summary(objects: readonly GitObject[]): [string, number][] {
  return objects.map(({ type, content }) => [type, content.byteLength]);
}

function texts(objects: readonly GitObject[]): Set<string> {
  return new Set(objects.map(({ content }) => Buffer.from(content).toString('utf8')));
}
