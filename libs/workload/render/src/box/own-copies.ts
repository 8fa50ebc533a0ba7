import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const copies = new Map<string, string>();
let folder: string | undefined;

/**
 * A copy of a program on the disk where boxes are made, so that each box gets it as a link: tens of megabytes are copied
 * once for this process, not once for each render, and nothing in a box can reach the program of the machine itself.
 */
export function ownCopy(program: string): string {
  const known = copies.get(program);
  if (known) return known;
  const copy = join((folder ??= makeFolder()), String(copies.size));
  copyFileSync(program, copy);
  chmodSync(copy, 0o500);
  copies.set(program, copy);
  return copy;
}

function makeFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'flotilla-programs-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
