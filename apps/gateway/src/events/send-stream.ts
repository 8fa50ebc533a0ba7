import { once } from 'node:events';
import type { Response } from 'express';
import { every, type Clock } from '@flotilla/foundation';
import type { Turns } from './turns.ts';
import type { ToldEvent } from './watch.ts';

const heartbeatMs = 15_000;

/** Events that are written at once: few enough that a reader who does not take them keeps little of ours. */
const writtenMax = 50;

export interface SendStreamOptions {
  readonly clock: Clock;
  /** Shared by the streams of this gateway. */
  readonly turns: Turns;
  readonly lastWords: (error: unknown) => ToldEvent;
}

/**
 * Writes events as `text/event-stream` until the reader leaves. A slow reader slows its own stream down and nobody
 * else's; a comment now and then keeps proxies from closing a quiet line. What goes wrong is told as a last event,
 * because the status was sent long ago, and then thrown.
 */
export async function sendStream(
  events: AsyncIterable<readonly ToldEvent[]>,
  response: Response,
  { clock, turns, lastWords }: SendStreamOptions,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  const beat = async () => void response.write(': still here\n\n');
  const heart = every({ clock, intervalMs: heartbeatMs, run: beat, onError: () => undefined });
  try {
    for await (const batch of events) {
      for (let first = 0; first < batch.length; first += writtenMax) {
        await turns.take();
        if (response.destroyed) return;
        await write(response, batch.slice(first, first + writtenMax));
      }
    }
  } catch (error) {
    if (!response.destroyed) response.write(textOf(lastWords(error)));
    throw error;
  } finally {
    await heart.stop();
    response.end();
  }
}

/** Waits for whoever does not take it as fast as it comes. */
async function write(response: Response, events: readonly ToldEvent[]): Promise<void> {
  if (response.write(events.map(textOf).join(''))) return;
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    over.abort(),
  );
}

function textOf({ type, kind, json }: ToldEvent): string {
  const object = json === undefined ? '' : `,"object":${json}`;
  return `event: ${type}\ndata: {"type":"${type}","kind":"${kind}"${object}}\n\n`;
}
