import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/**
 * Scripts and styles as gzip, a third of their size, for whoever takes it. Each is packed once, when it is first asked
 * for: a name with a digest in it never means anything else. Everything else is left to whoever comes next.
 */
export function packedAssets(directory: string, cacheControl: string) {
  const packed = new Map<string, Promise<Buffer>>();
  const packedOnce = (name: string) => {
    const bytes = packed.get(name) ?? readFile(join(directory, name)).then((plain) => pack(plain));
    packed.set(name, bytes);
    // What is not there is not remembered, or strangers could fill the memory with names.
    bytes.catch(() => packed.delete(name));
    return bytes;
  };
  return async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const [, name] = /^\/([\w-][\w.-]*\.(?:js|css))$/.exec(request.url ?? '') ?? [];
    if (!name || request.method !== 'GET') return next();
    response.setHeader('Vary', 'Accept-Encoding');
    const bytes = takesGzip(request.headers['accept-encoding']) && (await packedOnce(name).catch(() => undefined));
    if (!bytes) return next();
    response.writeHead(200, {
      'Cache-Control': cacheControl,
      'Content-Encoding': 'gzip',
      'Content-Length': bytes.length,
      'Content-Type': types[extname(name)]!,
    });
    response.end(bytes);
  };
}

function takesGzip(accepted: string | string[] = ''): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(accepted));
}
