import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { GitObjectType } from '../objects/git-object.ts';
import { entryHeader } from '../pack/write-entry-header.ts';

/** One entry of a pack to be written. `declaredSize` lets it lie about its size. */
export type PackedEntry = { readonly data: Uint8Array; readonly declaredSize?: number } & (
  | { readonly kind: GitObjectType }
  /** A delta on the entry with this index. */
  | { readonly kind: 'offset-delta'; readonly baseIndex: number }
  | { readonly kind: 'id-delta'; readonly baseOid: string }
);

const typeNumbers = { commit: 1, tree: 2, blob: 3, tag: 4, 'offset-delta': 6, 'id-delta': 7 } as const;

/** A pack with exactly these entries and a right checksum. `declaredCount` lets it lie about their number. */
export function writePack(entries: readonly PackedEntry[], options: { readonly declaredCount?: number } = {}): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK', 0, 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(options.declaredCount ?? entries.length, 8);
  const parts: Buffer[] = [header];
  const offsets: number[] = [];
  let offset = header.length;
  for (const entry of entries) {
    offsets.push(offset);
    const part = writeEntry(entry, (baseIndex) => offset - offsets[baseIndex]!);
    parts.push(part);
    offset += part.length;
  }
  const body = Buffer.concat(parts);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** A delta that copies nothing and writes `result` anew. `declaredResult` lets it lie about the size. */
export function insertDelta(base: Uint8Array, result: Uint8Array, declaredResult = result.byteLength): Buffer {
  const pieces: Uint8Array[] = [sizeBytes(base.byteLength), sizeBytes(declaredResult)];
  for (let at = 0; at < result.byteLength; at += 127) {
    const piece = result.subarray(at, at + 127);
    pieces.push(Uint8Array.of(piece.byteLength), piece);
  }
  return Buffer.concat(pieces);
}

/** A delta that copies one range of its base, as often as asked. */
export function copyDelta(base: { readonly bytes: number; readonly offset?: number }, times = 1): Buffer {
  const { bytes, offset = 0 } = base;
  const copy = Buffer.alloc(8);
  copy.writeUInt8(0xff);
  copy.writeUInt32LE(offset, 1);
  copy.writeUIntLE(bytes, 5, 3);
  return Buffer.concat([sizeBytes(bytes), sizeBytes(bytes * times), ...Array.from({ length: times }, () => copy)]);
}

function writeEntry(entry: PackedEntry, distanceTo: (baseIndex: number) => number): Buffer {
  const head = entryHeader(typeNumbers[entry.kind], entry.declaredSize ?? entry.data.byteLength);
  const data = deflateSync(entry.data);
  if (entry.kind === 'offset-delta') return Buffer.concat([head, distanceBytes(distanceTo(entry.baseIndex)), data]);
  if (entry.kind === 'id-delta') return Buffer.concat([head, Buffer.from(entry.baseOid, 'hex'), data]);
  return Buffer.concat([head, data]);
}

function sizeBytes(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function distanceBytes(distance: number): Buffer {
  const bytes = [distance & 0x7f];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest--;
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return Buffer.from(bytes);
}
