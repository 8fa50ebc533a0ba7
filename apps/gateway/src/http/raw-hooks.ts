import type { NextFunction, Request, Response } from 'express';
import { webhookBytesMax } from '@flotilla/control-sources';

/** A webhook's exact bytes. */
export interface RawRequest extends Request {
  rawBytes?: Buffer;
}

/**
 * Reads webhook bodies as bytes and keeps every parser away from them: what is inside is nobody's business before the
 * signature was checked, nor after. A body over the limit is cut off while it is still coming in.
 */
export function rawHooks(request: RawRequest, response: Response, next: NextFunction): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= webhookBytesMax) return void chunks.push(chunk);
    if (!response.headersSent) response.status(413).end();
    request.destroy();
  });
  request.on('end', () => {
    request.rawBytes = Buffer.concat(chunks);
    next();
  });
  request.on('error', () => undefined);
}
