import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '@flotilla/foundation';
import { freePort, freePorts } from './ports.ts';

/** Another process that takes the UDP port of a number, if it can, and ends. */
async function takenElsewhere(port: number): Promise<string> {
  const take = `const s = require('node:dgram').createSocket('udp4');
    s.on('error', (error) => console.log(error.code));
    s.bind({ port: ${port}, address: '127.0.0.1' }, () => s.close(() => console.log('free')));`;
  return (await promisify(execFile)(process.execPath, ['-e', take])).stdout.trim();
}

describe('a free port', () => {
  it('is given once, though nobody listens on it yet', async () => {
    const seed = Date.now();
    const port = await freePort(seededRandom(seed));
    const next = await freePort(seededRandom(seed));
    expect([next === port, await takenElsewhere(port)]).toEqual([false, 'EADDRINUSE']);
  });

  it('is as many as are asked for, all different', async () => {
    expect(new Set(await freePorts(50)).size).toBe(50);
  });
});
