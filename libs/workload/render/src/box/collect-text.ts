import type { Readable } from 'node:stream';

/** Collects what a program writes, up to a bound; past it the rest is dropped, and whoever asked is told each time. */
export function collectText(stream: Readable, bytesMax: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
