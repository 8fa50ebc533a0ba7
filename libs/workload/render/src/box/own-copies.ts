import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const copies = new Map<string, string>();

/**
 * A copy of a program on the disk where boxes are made, so that each box gets it as a link: tens of megabytes are copied
 * once for this process, not once for each render, and nothing in a box can reach the program of the machine itself. Who
 * cleans that disk up takes nothing that cannot be made again.
 */
export function ownCopy(program: string): string {
  const known = copies.get(program);
  if (known && existsSync(known)) return known;
  const copy = join(mkdtempSync(join(tmpdir(), 'flotilla-program-')), 'program');
  copyFileSync(program, copy);
  chmodSync(copy, 0o500);
  if (copies.size === 0) process.once('exit', removeAll);
  copies.set(program, copy);
  return copy;
}

function removeAll(): void {
  for (const copy of copies.values()) rmSync(dirname(copy), { recursive: true, force: true });
}
