import type { GitObject } from '../objects/git-object.ts';
import type { PullBudget } from '../pack/pull-budget.ts';

/**
 * What is asked of a remote at once. `wants` may name commits, trees and blobs.
 *
 * - `filter` leaves out what was not named: `tree:0` gives exactly the wants, `tree:1` a commit and its root tree,
 *   `blob:none` all trees. A host without filters sends everything below the wants.
 * - `have` is a commit that is held: what it contains is not sent, and objects come as differences from its objects.
 * - `haveIsShallow` says that nothing older than it is held, so that the way back is sent as well.
 */
export interface FetchRequest {
  readonly wants: readonly string[];
  readonly filter?: 'tree:0' | 'tree:1' | 'blob:none';
  readonly have?: string;
  readonly haveIsShallow?: boolean;
  /** Of a commit that is wanted, nothing older. */
  readonly tipOnly?: boolean;
}

export interface FetchContext {
  readonly budget: PullBudget;
  readonly objectsMax: number;
  /** Objects that are held already, for differences to build on. */
  readonly findHeld: (oid: string) => Promise<GitObject | undefined>;
  readonly signal: AbortSignal;
}

/** Where objects come from: a host over HTTP, the `git` command's mirror, or memory. */
export interface ObjectSource {
  /** Brings objects, in any order and with any company. What is missing afterwards was not there. */
  fetch(request: FetchRequest, context: FetchContext): Promise<readonly GitObject[]>;
  /** Looks into what the source itself keeps between requests, if it does. */
  find?(oid: string): Promise<GitObject | undefined>;
}
