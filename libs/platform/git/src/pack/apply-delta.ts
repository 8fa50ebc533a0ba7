import { gitFault } from '../git-faults.ts';

/** The two sizes that a delta declares before its instructions: of the object it starts from, and of its result. */
export function deltaSizes(delta: Uint8Array): { base: number; result: number; at: number } {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.at);
  return { base: base.size, result: result.size, at: result.at };
}

/** Builds the object that a delta describes. Every range is checked: a delta never reads or writes outside. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  const sizes = deltaSizes(delta);
  if (sizes.base !== base.byteLength) throw corrupt('a delta was made for another base');
  const result = new Uint8Array(sizes.result);
  let at = sizes.at;
  let written = 0;
  while (at < delta.byteLength) {
    const instruction = delta[at++]!;
    if (instruction === 0) throw corrupt('a delta has an unknown instruction');
    const piece = instruction & 0x80 ? readCopy(base, delta, { instruction, at }) : readInsert(delta, instruction, at);
    if (written + piece.bytes.byteLength > result.byteLength) throw corrupt('a delta makes more than it declares');
    result.set(piece.bytes, written);
    written += piece.bytes.byteLength;
    at = piece.at;
  }
  if (written !== result.byteLength) throw corrupt('a delta makes less than it declares');
  return result;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly at: number;
}

function readInsert(delta: Uint8Array, length: number, at: number): Piece {
  if (at + length > delta.byteLength) throw corrupt('a delta ends in the middle of an instruction');
  return { bytes: delta.subarray(at, at + length), at: at + length };
}

/** The low seven bits say which bytes of the offset (four) and of the length (three) follow. */
function readCopy(base: Uint8Array, delta: Uint8Array, start: { instruction: number; at: number }): Piece {
  let at = start.at;
  let offset = 0;
  let length = 0;
  for (let bit = 0; bit < 7; bit++) {
    if (!(start.instruction & (1 << bit))) continue;
    if (at >= delta.byteLength) throw corrupt('a delta ends in the middle of an instruction');
    const byte = delta[at++]!;
    if (bit < 4) offset += byte * 2 ** (8 * bit);
    else length += byte * 2 ** (8 * (bit - 4));
  }
  if (length === 0) length = 0x10000;
  if (offset + length > base.byteLength) throw corrupt('a delta reads beyond its base');
  return { bytes: base.subarray(offset, offset + length), at };
}

function readSize(delta: Uint8Array, start: number): { size: number; at: number } {
  let size = 0;
  let at = start;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = delta[at++];
    if (byte === undefined) throw corrupt('a delta ends before its sizes do');
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { size, at };
  }
  throw corrupt('a delta declares an impossible size');
}

function corrupt(what: string) {
  return gitFault('GitPackCorrupt', { message: `the pack is damaged: ${what}` });
}
