import { backoffMs } from '@flotilla/foundation';
import { objectId, type ObjectKey } from '@flotilla/model';

/** Who it is, and in which field; an object that he deletes has none. */
export interface Opponent {
  readonly manager: string;
  readonly field?: string | undefined;
}

/** Somebody who changes an object again as soon as we have taken it back. */
export interface Contest {
  readonly key: ObjectKey;
  readonly opponent: Opponent;
  /** How often it was taken back without a rest in between. */
  readonly count: number;
  readonly heldUntil: number;
}

/** A person who tries things is corrected at once each time; a controller that never ends is found out soon enough. */
const patienceMax = 20;
/** After this long without a correction, nobody contests the object any more. */
const restMs = 600_000;
const holding = { baseMs: 10_000, maxMs: 300_000 };

/**
 * Two controllers that correct each other would write for ever. Who changes the same object again and again is
 * corrected more and more slowly, and named.
 */
export class Contests {
  readonly #contests = new Map<string, Contest & { readonly lastAt: number }>();

  /** What the opponent had changed was taken back. */
  takenBack(key: ObjectKey, opponent: Opponent, now: number): void {
    const before = this.#contests.get(objectId(key));
    const count = before && now - before.lastAt < restMs ? before.count + 1 : 1;
    const isPatient = count <= patienceMax;
    const heldUntil = isPatient ? now : now + backoffMs(count - patienceMax, holding, { next: () => 1 });
    this.#contests.set(objectId(key), { key, opponent, count, lastAt: now, heldUntil });
  }

  /** The contest that keeps us from correcting this object now. */
  holding(key: ObjectKey, now: number): Contest | undefined {
    const contest = this.#contests.get(objectId(key));
    return contest && contest.heldUntil > now ? contest : undefined;
  }
}
