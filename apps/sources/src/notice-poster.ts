import type { Post, Receivers } from '@flotilla/control-sources';
import type { Running } from '@flotilla/foundation';
import { Outside, type OutsideOptions } from './outside.ts';

/** The way to receivers. Of an answer nothing but its status is read. */
export class NoticePoster implements Receivers, Running {
  readonly #outside: Outside;

  constructor(options: OutsideOptions) {
    this.#outside = new Outside(options);
  }

  post(post: Post, signal: AbortSignal): Promise<void> {
    return this.#outside.post(post, signal, async () => undefined);
  }

  stop(): Promise<void> {
    return this.#outside.stop();
  }
}
