import { createReadStream, existsSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Running } from '@flotilla/foundation';

export interface StaticPage extends Running {
  readonly url: string;
}

interface StaticPageOptions {
  readonly directory: string;
  /** Sets the headers that the page lives under. */
  readonly secure: (response: ServerResponse) => void;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves a built page as the gateway does: files by their names, and the page itself for every other address. */
export async function serveStaticPage({ directory, secure }: StaticPageOptions): Promise<StaticPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const named = join(directory, normalize(pathname));
    const file = extname(named) && existsSync(named) ? named : join(directory, 'index.html');
    secure(response);
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
