import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline as joined, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Fault } from '@flotilla/foundation';

/** A row of the record is never longer; whatever has no line end for so long is no backup. */
const lineCharactersMax = 64 * 1024 * 1024;

/**
 * Writes lines into a file that nobody else can read. It gets its name only once all of it is on the disk: what was cut
 * off never looks like a backup.
 */
export async function writeFile(path: string, lines: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await pipeline(Readable.from(lines), createGzip(), createWriteStream(partial, { mode: 0o600 }));
    await keepOnDisk(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function keepOnDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The lines of a file that was written so. What is no such file, or only part of one, is said as a fault. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    const unpacked = createGunzip().setEncoding('utf8');
    // Whoever stops reading closes the file, and a file that cannot be read ends the reading: there it is raised.
    joined(createReadStream(path), unpacked, () => undefined);
    for await (const part of unpacked as AsyncIterable<string>) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > lineCharactersMax) throw unreadable(path, 'it has a line without an end');
      yield* lines;
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unreadable(path, whyOf(error), error);
  }
  if (rest) yield rest;
}

/** What zlib and the file system say, in words of this file. */
function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'Z_BUF_ERROR':
      return 'it ends in the middle, so part of it is missing';
    case 'Z_DATA_ERROR':
      return /incorrect header/.test(message)
        ? 'it is no compressed file'
        : 'some of its bytes are not as they were written';
    case 'ENOENT':
      return 'there is no such file';
    default:
      return message;
  }
}

function unreadable(path: string, why: string, cause?: unknown): Fault {
  const message = `${path} cannot be read as a backup: ${why}; nothing was changed`;
  return new Fault({ code: 'invalid', reason: 'BackupUnreadable', message, cause });
}
