import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@flotilla/foundation/node';

/**
 * A copy of a program on the disk where boxes are made, so that each box gets it as a link: tens of megabytes are copied
 * once, not for each render, and nothing in a box can reach the program of the machine itself. All processes of a user
 * share it, so that none has to clean up, which one that is killed would not.
 */
export function ownCopy(program: string): string {
  const folder = ownFolder();
  const { size, mtimeMs } = statSync(program);
  const copy = join(folder, sha256(`${program} ${size} ${mtimeMs}`).slice(0, 32));
  if (!existsSync(copy)) makeCopy(program, copy, folder);
  return copy;
}

/** It appears as a whole, whoever else makes the same one at this moment. */
function makeCopy(program: string, copy: string, folder: string): void {
  const making = mkdtempSync(join(folder, 'new-'));
  try {
    copyFileSync(program, join(making, 'program'));
    chmodSync(join(making, 'program'), 0o500);
    renameSync(join(making, 'program'), copy);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** A folder that others could write in would let them choose what runs. */
function ownFolder(): string {
  const folder = join(tmpdir(), `flotilla-programs-${process.getuid?.()}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (!isOurs) throw Object.assign(new Error(`${folder} is not ours alone`), { code: 'EACCES' });
  return folder;
}
