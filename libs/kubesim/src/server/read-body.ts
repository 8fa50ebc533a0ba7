import type { IncomingMessage } from 'node:http';

const bytesMax = 3 * 1024 * 1024;

/** The whole body of a request; `undefined` when it is larger than a real server takes. */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bytesMax) chunks.push(chunk);
  }
  return size > bytesMax ? undefined : Buffer.concat(chunks).toString('utf8');
}
