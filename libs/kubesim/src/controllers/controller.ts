import type { ObservedChange } from '../engine/cluster.ts';

/** Brings one kind of thing to where it ought to be, looking at the cluster anew each time. */
export interface Controller {
  readonly name: string;
  /** What to look at after a change, as keys of this controller. */
  affectedBy(change: ObservedChange): readonly string[];
  /** Returns after how many milliseconds to look again, though nothing changes. */
  reconcile(key: string): Promise<number | undefined>;
}
