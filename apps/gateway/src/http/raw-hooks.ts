import { AsyncResource } from 'node:async_hooks';
import type { NextFunction, Request, Response } from 'express';
import { webhookBytesMax } from '@flotilla/control-sources';
import { Fault } from '@flotilla/foundation';

/** A webhook's exact bytes. */
export interface RawRequest extends Request {
  rawBytes?: Buffer;
}

/**
 * Reads webhook bodies as bytes and keeps every parser away from them: what is inside is nobody's business before the
 * signature was checked, nor after. A body over the limit is refused while it is still coming in, and not kept.
 */
export function rawHooks(request: RawRequest, response: Response, next: NextFunction): void {
  // Events of a socket know nothing of the trace that this request began.
  const goOn = AsyncResource.bind(next);
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= webhookBytesMax) return void chunks.push(chunk);
    request.removeAllListeners('data').removeAllListeners('end').resume();
    response.setHeader('Connection', 'close');
    goOn(tooLarge());
  });
  request.on('end', () => {
    request.rawBytes = Buffer.concat(chunks);
    goOn();
  });
  request.on('error', () => undefined);
}

function tooLarge(): Fault {
  const message = `a webhook may have ${webhookBytesMax} bytes at most`;
  return new Fault({ code: 'too-large', reason: 'BodyTooLarge', message });
}
