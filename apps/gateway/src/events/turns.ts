/** Written at one turn of the event loop: half a megabyte, which takes a millisecond. */
const atOnce = 8;

/**
 * Lets many write in turn, a few of them at each turn of the event loop. A change that hundreds of streams tell of is a
 * matter of seconds: whoever asks for something else meanwhile is answered in between.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  /** Resolves when it is one's turn. */
  take(): Promise<void> {
    const turn = new Promise<void>((resolve) => void this.#waiting.push(resolve));
    if (!this.#isRunning) this.#run();
    return turn;
  }

  #run(): void {
    this.#isRunning = this.#waiting.length > 0;
    if (!this.#isRunning) return;
    setImmediate(() => {
      for (const go of this.#waiting.splice(0, atOnce)) go();
      this.#run();
    });
  }
}
