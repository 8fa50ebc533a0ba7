import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import type { Problem } from '@flotilla/contracts';
import { browserHeaders } from './security-headers.ts';

const refusals: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'HeadersTooLarge', detail: 'address and headers are too long together' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'RequestTooSlow', detail: 'the request did not come in in time' },
};
const malformed = { status: 400, code: 'RequestMalformed', detail: 'this is not HTTP as it should be' };

/** Answers what is not even a request: it never reaches the filter, and shall look like every other refusal. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { status, code, detail } = refusals[error.code ?? ''] ?? malformed;
  const title = STATUS_CODES[status]!;
  const problem: Problem = {
    type: `https://flotilla.dev/problems/${code}`,
    title,
    status,
    detail,
    code,
    retryable: false,
  };
  const body = JSON.stringify(problem);
  const headers = {
    ...browserHeaders,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`);
}
