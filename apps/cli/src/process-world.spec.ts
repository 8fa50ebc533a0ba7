import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** The program as a process of its own, read from its sources. */
function start(...args: readonly string[]) {
  return spawn(process.execPath, ['--conditions=source', main, ...args], { stdio: 'pipe' });
}

describe('the program as a process', () => {
  it('reads what is sent in, writes data to one line and all else to the other, and ends with its code', async () => {
    const child = start('validate', '-f', '-');
    child.stdin.end('kind: Pipelin\n');
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect([code, out, err]).toEqual([
      1,
      'stdin:1:1: kind: is not known; did you mean Pipeline?\n',
      '0 documents in 1 file read; 1 to mend\n',
    ]);
  });

  it('ends in peace when whoever reads has seen enough', async () => {
    const child = start('completion', 'bash');
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([code, err]).toEqual([0, '']);
  });
});
