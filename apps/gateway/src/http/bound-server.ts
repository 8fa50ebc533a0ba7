import type { Server } from 'node:http';

/**
 * What a stranger may hold of this process without being anybody: a socket, for so long, with so many headers. Node looks
 * for connections that took too long every thirty seconds, so each is cut half a minute late at the latest. An answer may
 * take as long as it likes: a stream stands for weeks.
 */
export const serverBounds = {
  /** Address and headers have to be here by then; a socket that says nothing is cut as well. */
  headersTimeout: 10_000,
  /** And all of the body. */
  requestTimeout: 60_000,
  /** A little more than the sixty seconds that load balancers keep a quiet connection. */
  keepAliveTimeout: 65_000,
  maxHeadersCount: 100,
  /** More are closed as they come. Half of the file descriptors that a container usually has. */
  maxConnections: 10_000,
} as const satisfies Partial<Server>;

/** Puts the bounds on a server that somebody else made. */
export function boundServer(server: Server): void {
  Object.assign(server, serverBounds);
}
