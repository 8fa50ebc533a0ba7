/** Lets at most `runningMax` tasks run at once; the others wait in order. */
export class Limit {
  #runningMax: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  get running(): number {
    return this.#running;
  }

  /** Lets more or fewer run from now on. Nobody who runs already is stopped. */
  resize(runningMax: number): void {
    this.#runningMax = runningMax;
    while (this.#running < runningMax && this.#queue.length > 0) {
      this.#running++;
      this.#queue.shift()!();
    }
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#runningMax) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      const next = this.#running > this.#runningMax ? undefined : this.#queue.shift();
      // The place is handed over, not freed and taken again: a newcomer cannot overtake the one who waited.
      if (next) next();
      else this.#running--;
    }
  }
}

/** Runs `task` over all items, at most `runningMax` at once; results keep the order of the items. */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  runningMax: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limit = new Limit(runningMax);
  return Promise.all(items.map((item) => limit.run(() => task(item))));
}
