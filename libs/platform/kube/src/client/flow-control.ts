import { jittered, Limit, type Clock, type Random } from '@flotilla/foundation';

export interface FlowControlOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly requestsMax: number;
}

/** Few at once, because a page of large objects is what fills the memory of an agent. */
const listsMax = 4;
const watchesOpeningMax = 8;
const urgentMax = 2;
const pauseMaxMs = 60_000;
/** Who was turned away tries one place more each time so long has gone well. */
const growMs = 2_000;

/**
 * What all clients of one API server share: how many requests are under way, and a pause for everybody when the
 * server says that it has too much to do. From then on half as many are sent at once, until that goes well for a while:
 * the server shares its places out among all who ask, and does not say how many are ours. A watch holds a place only
 * until it is open.
 */
export class FlowControl {
  readonly #options: FlowControlOptions;
  readonly #requests: Limit;
  readonly #lists = new Limit(listsMax);
  readonly #watchesOpening = new Limit(watchesOpeningMax);
  readonly #urgent = new Limit(urgentMax);
  #pausedUntil = 0;
  /** How many were sent at once right after the last pause. */
  #placesThen: number;

  constructor(options: FlowControlOptions) {
    this.#options = options;
    this.#placesThen = options.requestsMax;
    this.#requests = new Limit(options.requestsMax);
  }

  request<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#requests.resize(this.#places());
    return this.#requests.run(() => this.#afterPause(task));
  }

  /** Waits neither for the others nor for a pause: what keeps the right to act must not be late because of the acts. */
  urgentRequest<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#urgent.run(task);
  }

  openWatch<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#watchesOpening.run(() => this.#afterPause(task));
  }

  /** Holds a place among the lists while `task` walks through its pages. */
  list<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#lists.run(task);
  }

  /** The server turned somebody away. Those who were under way together with him hear the same, which is no more news. */
  pause(ms: number): void {
    const now = this.#options.clock.now();
    if (now >= this.#pausedUntil) this.#placesThen = Math.max(1, Math.floor(this.#places() / 2));
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(ms, pauseMaxMs));
    this.#requests.resize(this.#places());
  }

  #places(): number {
    const goneWellMs = Math.max(0, this.#options.clock.now() - this.#pausedUntil);
    return Math.min(this.#options.requestsMax, this.#placesThen + Math.floor(goneWellMs / growMs));
  }

  async #afterPause<Result>(task: () => Promise<Result>): Promise<Result> {
    const { clock, random } = this.#options;
    for (let ms = this.#pausedUntil - clock.now(); ms > 0; ms = this.#pausedUntil - clock.now()) {
      // Later by up to a quarter, each by its own: all together would be turned away once more. Never by nothing, as a
      // rest of less than a millisecond is rounded to: it would be over only once something else moves the clock.
      await clock.sleep(Math.max(1, jittered(ms * 1.125, 1 / 9, random)));
    }
    this.#requests.resize(this.#places());
    return task();
  }
}
