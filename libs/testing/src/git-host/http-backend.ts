import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isolatedEnvironment } from './run-git.ts';

export interface HttpBackendOptions {
  /** The program itself, so that no second process starts for each request. */
  readonly program: string;
  readonly root: string;
  readonly user: string | undefined;
  /** Ends the connection after so many bytes of the body. */
  readonly truncateAfter: number | undefined;
}

/** Serves one request with Git's own `http-backend`, the way a web server runs it. */
export function serveWithHttpBackend(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpBackendOptions,
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(options.program, [], { env: environmentOf(request, options) });
    const answer = new CgiAnswer(response, options.truncateAfter);
    request.pipe(child.stdin);
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      if (!answer.write(chunk)) pauseUntilDrained(child.stdout, response);
    });
    // A client that left does not need the rest.
    response.once('close', () => child.kill());
    child.on('error', () => response.destroy());
    child.on('close', () => {
      answer.end();
      resolve();
    });
  });
}

function environmentOf(request: IncomingMessage, options: HttpBackendOptions): Record<string, string> {
  const url = new URL(request.url ?? '/', 'http://host');
  const header = (name: string) => String(request.headers[name] ?? '');
  return isolatedEnvironment({
    GIT_PROJECT_ROOT: options.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header('git-protocol'),
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header('content-type'),
    ...(request.headers['content-length'] && { CONTENT_LENGTH: header('content-length') }),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    ...(options.user !== undefined && { REMOTE_USER: options.user }),
  });
}

function pauseUntilDrained(from: NodeJS.ReadableStream, response: ServerResponse): void {
  from.pause();
  response.once('drain', () => from.resume());
}

/** Takes the headers off the program's output and passes the rest on. */
class CgiAnswer {
  readonly #response: ServerResponse;
  readonly #truncateAfter: number | undefined;
  #head: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #headSent = false;
  #bodyBytes = 0;

  constructor(response: ServerResponse, truncateAfter: number | undefined) {
    this.#response = response;
    this.#truncateAfter = truncateAfter;
  }

  write(chunk: Buffer): boolean {
    if (this.#headSent) return this.#writeBody(chunk);
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return true;
    this.#sendHead(this.#head.toString('latin1', 0, end));
    return this.#writeBody(this.#head.subarray(end + 4));
  }

  end(): void {
    if (this.#headSent) this.#response.end();
    else this.#response.destroy();
  }

  #sendHead(head: string): void {
    const headers = head.split('\r\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1];
    for (const [name, value] of headers) if (name !== 'Status') this.#response.setHeader(name, value);
    this.#response.statusCode = status ? Number.parseInt(status, 10) : 200;
    this.#headSent = true;
  }

  #writeBody(chunk: Buffer): boolean {
    const left = this.#truncateAfter === undefined ? Infinity : this.#truncateAfter - this.#bodyBytes;
    if (left <= 0 || chunk.length === 0) return true;
    this.#bodyBytes += chunk.length;
    if (chunk.length <= left) return this.#response.write(chunk);
    this.#response.write(chunk.subarray(0, left), () => this.#response.destroy());
    return true;
  }
}
