import { inflateSync } from 'node:zlib';
import { gitFault } from '../git-faults.ts';
import { entryHeaderBytesMax, readEntryHeader, type EntryHeader } from './entry-header.ts';
import { truncated, type PackSource } from './pack-source.ts';
import type { PullBudget } from './pull-budget.ts';

/** One entry of a pack, inflated. Of a delta, `data` is the delta. */
export interface PackEntry {
  readonly offset: number;
  readonly header: EntryHeader;
  readonly data: Uint8Array;
}

const headerBytes = 12;

/**
 * Reads a pack from its first byte to its checksum. An entry is inflated only after its declared size was allowed, and
 * never by one byte more than it declares.
 */
export async function* packEntries(
  source: PackSource,
  budget: PullBudget,
  objectsMax: number,
): AsyncGenerator<PackEntry, void, void> {
  const count = await readPackHeader(source);
  if (count > objectsMax) {
    throw gitFault('GitTooManyObjects', { message: `the pack has ${count} objects; at most ${objectsMax} are read` });
  }
  for (let index = 0; index < count; index++) yield await readEntry(source, budget);
  await source.finish();
}

async function readPackHeader(source: PackSource): Promise<number> {
  const header = Buffer.from(await source.take(headerBytes));
  const version = header.readUInt32BE(4);
  if (header.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) {
    throw corrupt('it does not begin like a pack');
  }
  return header.readUInt32BE(8);
}

async function readEntry(source: PackSource, budget: PullBudget): Promise<PackEntry> {
  const { offset } = source;
  const header = readEntryHeader(await source.peek(entryHeaderBytesMax));
  if (!header) throw truncated();
  budget.spend(header.size);
  await source.take(header.headerBytes);
  return { offset, header, data: await inflateEntry(source, header.size) };
}

/**
 * The compressed length is not written anywhere, so one inflation has to find it: it gets as many bytes as the declared
 * size can ever need, and tells how many it used.
 */
async function inflateEntry(source: PackSource, size: number): Promise<Uint8Array> {
  const compressedMax = size + (size >>> 2) + 256;
  const input = await source.peek(compressedMax);
  const { buffer, usedBytes } = inflateUpTo(input, size, compressedMax);
  if (buffer.byteLength !== size) throw corrupt('an entry is smaller than it declares');
  await source.take(usedBytes);
  return buffer;
}

function inflateUpTo(
  input: Uint8Array,
  size: number,
  compressedMax: number,
): { buffer: Uint8Array; usedBytes: number } {
  try {
    const options = { info: true, maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size + 1) };
    // With `info` the result has another shape than its declared type.
    const result = inflateSync(input, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { buffer: result.buffer, usedBytes: result.engine.bytesWritten };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR' && input.byteLength < compressedMax) throw truncated();
    if (code === 'ERR_BUFFER_TOO_LARGE') throw corrupt('an entry is larger than it declares');
    throw corrupt('an entry cannot be inflated');
  }
}

function corrupt(what: string) {
  return gitFault('GitPackCorrupt', { message: `the pack is damaged: ${what}` });
}
