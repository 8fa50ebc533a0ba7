import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { systemRandom, type Random } from '@flotilla/foundation';

/**
 * Below the range from which systems take ports for outgoing connections: a port that was free when we looked then stays
 * so until its part listens. By chance, so that those who start together seldom try the same ones.
 */
const range = { from: 20_000, to: 32_000 };
const triesMax = 100;

/** A loopback port that nobody uses. Nobody else is given it, in any process, for as long as this process lives. */
export async function freePort(random: Random = systemRandom): Promise<number> {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const port = range.from + Math.floor(random.next() * (range.to - range.from));
    if ((await reserve(port)) && (await isFreePort(port))) return port;
  }
  throw new Error(`no free port between ${range.from} and ${range.to}`);
}

/** As many, all different. */
export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => freePort()));
}

/** Whether nobody listens on this loopback port. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * The UDP port of the same number says that a port was given: no part of ours speaks UDP, the system gives it to one
 * process only, and takes it back when that one ends, however it ends.
 */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}
