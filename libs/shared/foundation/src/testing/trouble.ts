import { Fault } from '../fault.ts';

/** Whether the other side had done what it was asked when the line broke: the caller cannot tell. */
export type BreakingPoint = 'before' | 'after';

/** A line that breaks on demand. Every port that goes over it fails as one whose other side went away. */
export class Trouble {
  #point: BreakingPoint = 'before';
  #timesLeft = 0;

  /** Lets the next calls fail; until `recover` when no number is given. */
  fail(point: BreakingPoint = 'before', times = Infinity): void {
    this.#point = point;
    this.#timesLeft = times;
  }

  recover(): void {
    this.#timesLeft = 0;
  }

  /** The failing twin of a port whose methods are all asynchronous. */
  over<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => this.#call(async () => method.apply(target, args) as unknown);
      },
    });
  }

  async #call(work: () => Promise<unknown>): Promise<unknown> {
    if (this.#timesLeft <= 0) return work();
    this.#timesLeft--;
    if (this.#point === 'after') await work();
    throw new Fault({ code: 'unavailable', reason: 'LineBroken', message: 'the other side went away' });
  }
}
