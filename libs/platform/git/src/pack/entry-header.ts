import { gitFault } from '../git-faults.ts';
import type { GitObjectType } from '../objects/git-object.ts';

/** What stands before the compressed bytes of one entry of a pack. */
export type EntryHeader = {
  /** Bytes after inflating, as declared. */
  readonly size: number;
  readonly headerBytes: number;
} & (
  | { readonly kind: 'whole'; readonly type: GitObjectType }
  | { readonly kind: 'offset-delta'; readonly baseDistance: number }
  | { readonly kind: 'id-delta'; readonly baseOid: string }
);

/** No header is longer: ten bytes of size, then an id of twenty. */
export const entryHeaderBytesMax = 32;

const wholeTypes: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };

/** Reads an entry's header from the start of `bytes`; `undefined` when it needs more of them. */
export function readEntryHeader(bytes: Uint8Array): EntryHeader | undefined {
  const start = readTypeAndSize(bytes);
  if (!start) return undefined;
  const { typeNumber, size, at } = start;
  const type = wholeTypes[typeNumber];
  if (type) return { kind: 'whole', type, size, headerBytes: at };
  if (typeNumber === 6) return readOffsetDelta(bytes, size, at);
  if (typeNumber === 7) return readIdDelta(bytes, size, at);
  throw corrupt(`an entry has the unknown type ${typeNumber}`);
}

function readTypeAndSize(bytes: Uint8Array): { typeNumber: number; size: number; at: number } | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  let size = first & 0x0f;
  let at = 1;
  let more = first >= 0x80;
  for (let shift = 4; more; shift += 7) {
    if (shift > 46) throw corrupt('an entry declares an impossible size');
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    at++;
    size += (byte & 0x7f) * 2 ** shift;
    more = byte >= 0x80;
  }
  return { typeNumber: (first >> 4) & 7, size, at };
}

/** The distance back to the base, in git's own encoding: each further byte adds one before it shifts. */
function readOffsetDelta(bytes: Uint8Array, size: number, start: number): EntryHeader | undefined {
  let at = start;
  let baseDistance = -1;
  for (;;) {
    if (at - start > 6) throw corrupt('an entry names an impossible base');
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    at++;
    baseDistance = (baseDistance + 1) * 128 + (byte & 0x7f);
    if (byte < 0x80) return { kind: 'offset-delta', baseDistance, size, headerBytes: at };
  }
}

function readIdDelta(bytes: Uint8Array, size: number, at: number): EntryHeader | undefined {
  if (bytes.byteLength < at + 20) return undefined;
  const baseOid = Buffer.from(bytes.subarray(at, at + 20)).toString('hex');
  return { kind: 'id-delta', baseOid, size, headerBytes: at + 20 };
}

function corrupt(what: string) {
  return gitFault('GitPackCorrupt', { message: `the pack is damaged: ${what}` });
}
