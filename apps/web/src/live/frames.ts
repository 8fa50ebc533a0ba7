import { systemClock, type Clock } from '@flotilla/foundation';

/** Waits until the screen is about to be painted. */
export type NextFrame = () => Promise<void>;

/** A page in the background is never painted, and must not let what it hears pile up. */
const unseenFrameMs = 500;

/** The browser's next frame; where none comes, half a second. */
export function nextBrowserFrame(clock: Clock = systemClock): Promise<void> {
  const waiting = new AbortController();
  const frame = new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  return Promise.race([frame, clock.sleep(unseenFrameMs, waiting.signal)]).finally(() => waiting.abort());
}
