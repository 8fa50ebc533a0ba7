import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';

/** Bytes of bodies, and how many requests they took. */
export interface Traffic {
  up: number;
  down: number;
  requests: number;
}

/** What one pull may still cost, over all its requests, and what it has cost on the wire. */
export class PullBudget {
  readonly limits: GitLimits;
  readonly traffic: Traffic;
  #inflatedBytes = 0;

  constructor(limits: GitLimits, traffic: Traffic = { up: 0, down: 0, requests: 0 }) {
    this.limits = limits;
    this.traffic = traffic;
  }

  /** Called with the declared size, before anything of that size is made. */
  spend(declaredBytes: number): void {
    const { objectBytesMax, pullBytesMax } = this.limits;
    if (declaredBytes > objectBytesMax) {
      throw gitFault('GitObjectTooLarge', {
        message: `the repository has an object of ${declaredBytes} bytes here; at most ${objectBytesMax} are read. Remove it`,
      });
    }
    this.#inflatedBytes += declaredBytes;
    if (this.#inflatedBytes > pullBytesMax) {
      throw gitFault('GitPackTooLarge', {
        message: `more than ${pullBytesMax} bytes would have to be read; narrow the path, or let the host allow filters`,
      });
    }
  }

  /** After an answer was dropped: what it cost in memory is free again, what it cost on the wire stays counted. */
  startOver(): void {
    this.#inflatedBytes = 0;
  }
}
