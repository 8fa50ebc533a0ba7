import { once } from 'node:events';
import type { Response } from 'express';
import type { StreamEvent } from '@flotilla/contracts';
import { every, type Clock } from '@flotilla/foundation';

const heartbeatMs = 15_000;

/**
 * Writes events as `text/event-stream` until the reader leaves. A slow reader slows its own stream down and nobody
 * else's; a comment now and then keeps proxies from closing a quiet line. What goes wrong is told as a last event,
 * because the status was sent long ago, and then thrown.
 */
export async function sendStream(
  events: AsyncIterable<StreamEvent>,
  response: Response,
  { clock, lastWords }: { readonly clock: Clock; readonly lastWords: (error: unknown) => StreamEvent },
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  const beat = async () => void response.write(': still here\n\n');
  const heart = every({ clock, intervalMs: heartbeatMs, run: beat, onError: () => undefined });
  try {
    for await (const event of events) {
      if (response.destroyed) return;
      const flowing = response.write(textOf(event));
      if (!flowing) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  } catch (error) {
    if (!response.destroyed) response.write(textOf(lastWords(error)));
    throw error;
  } finally {
    await heart.stop();
    response.end();
  }
}

/** Many streams tell of the same object: it is written out once, for as long as any of them has it. */
const texts = new WeakMap<object, string>();

function textOf({ type, kind, object }: StreamEvent): string {
  const told = object === undefined ? '' : `,"object":${jsonOf(object as object)}`;
  return `event: ${type}\ndata: {"type":"${type}","kind":"${kind}"${told}}\n\n`;
}

function jsonOf(object: object): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
}
