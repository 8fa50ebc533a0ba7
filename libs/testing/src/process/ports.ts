import { createServer } from 'node:net';
import { systemRandom } from '@flotilla/foundation';

/**
 * Below the range from which systems take ports for outgoing connections: a port that was free when we looked then stays
 * so until its part listens. By chance, because two that start together would otherwise be given the same.
 */
const range = { from: 20_000, to: 32_000 };
const triesMax = 100;

/** A loopback port that nobody uses. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const port = range.from + Math.floor(systemRandom.next() * (range.to - range.from));
    if (await isFreePort(port)) return port;
  }
  throw new Error(`no free port between ${range.from} and ${range.to}`);
}

/** As many, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** Whether nobody listens on this loopback port. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
