import { createServer } from 'node:net';
import { Fault, type Running } from '@flotilla/foundation';
import { freePort, isFreePort } from '@flotilla/testing';
import type { DemoPorts } from '../data-directory.ts';

/** The port that people expect, as long as nobody has it. */
const usual = 8080;

export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return wanted;
  return (await isFreePort(usual)) ? usual : freePort();
}

/** The port that was used before, or another one where somebody listens there now: only people remember this one. */
export async function stillFree(port: number): Promise<number> {
  return (await isFreePort(port)) ? port : freePort();
}

/** Keeps a port for a part that starts later; without this, two demos that start together choose the same one. */
export function holdPort(port: number): Promise<Running> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({ stop: () => new Promise((stopped) => server.close(() => stopped())) }),
    );
  });
}

/** Refuses to start where somebody else listens: the fleet's addresses are kept, so that its agents find them again. */
export async function expectFree({ gateway, git, nats, postgres, clusters }: DemoPorts): Promise<void> {
  const parts = { 'API and page': gateway, Git: git, NATS: nats, PostgreSQL: postgres, ...clusters };
  for (const [part, port] of Object.entries(parts)) {
    if (await isFreePort(port)) continue;
    const way = part === 'API and page' ? 'give another with --port P' : 'start another demo with --data DIR';
    const message = `port ${port} (${part}) is taken by another program; stop that one, or ${way}`;
    throw new Fault({ code: 'conflict', reason: 'PortTaken', message });
  }
}
