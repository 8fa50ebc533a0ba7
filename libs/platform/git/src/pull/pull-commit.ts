import { Fault, type Clock } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';
import type { PulledCommit, PullOptions } from '../git-remote.ts';
import type { KnownDirectories } from '../objects/known-directories.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import { withDeadline } from '../with-deadline.ts';
import { checkCommitId } from './commit-id.ts';
import { HeldObjects } from './held-objects.ts';
import type { FetchRequest, ObjectSource } from './object-source.ts';
import { pathTree } from './path-tree.ts';
import { survey, type Survey } from './survey.ts';

export interface PullPorts {
  readonly source: ObjectSource;
  readonly store: ObjectStore;
  readonly limits: GitLimits;
  readonly clock: Clock;
  /** What pulls of one remote know of directories, together. */
  readonly directories: KnownDirectories;
}

/** More single objects than this in one request are cheaper as one listing of all directories. */
export const wantsMax = 256;

/**
 * Looks what is held, asks for what is missing, looks again, until nothing is missing. The first question is "what
 * changed since", when that can be asked; after it, directories are walked level by level, and what stands at the paths
 * comes last, all at once. Each round either brings what it asked for or ends the pull.
 */
export async function pullCommit(ports: PullPorts, options: PullOptions): Promise<PulledCommit> {
  checkCommitId(options.commit);
  const budget = new PullBudget(ports.limits);
  const task = (signal: AbortSignal) => new Pull(ports, { ...options, signal }, budget).run();
  const { commit, trees } = await withDeadline(task, {
    clock: ports.clock,
    wallMs: ports.limits.wallMs,
    ...(options.signal && { signal: options.signal }),
  });
  const { up, down, requests } = budget.traffic;
  return { commit: commit!, trees, bytes: { up, down }, requests };
}

class Pull {
  readonly #ports: PullPorts;
  readonly #options: PullOptions & { readonly signal: AbortSignal };
  readonly #budget: PullBudget;
  readonly #held: HeldObjects;

  constructor(ports: PullPorts, options: PullOptions & { readonly signal: AbortSignal }, budget: PullBudget) {
    this.#ports = ports;
    this.#options = options;
    this.#budget = budget;
    this.#held = new HeldObjects(ports);
  }

  async run(): Promise<Survey> {
    let seen = await this.#survey();
    if (!seen.commit) {
      await this.#fetchChange();
      seen = await this.#survey();
    }
    // Each round goes at least one directory deeper, so the depth that is allowed bounds the rounds.
    for (let round = 0; round < this.#ports.limits.treeDepthMax + 2; round++) {
      const asked = missingNext(seen, this.#options.commit);
      if (asked.length === 0) return seen;
      for (const request of requestsFor(seen, this.#options)) {
        await this.#bring(request, this.#ports.limits.packObjectsMax);
      }
      seen = await this.#survey();
      const still = new Set([...missingNext(seen, this.#options.commit), ...seen.whole]);
      const refused = asked.find((oid) => still.has(oid));
      if (refused) throw notSent(refused);
    }
    throw notSent(this.#options.commit);
  }

  #survey(): Promise<Survey> {
    const { commit, files, paths } = this.#options;
    const { limits, directories } = this.#ports;
    return survey({ commit, files, paths: pathTree(paths), held: this.#held, limits, directories });
  }

  /**
   * One small request in the usual case. Its answer covers the whole repository, though, so what makes it too large
   * may be none of our business: then it is dropped and the path is walked.
   */
  async #fetchChange(): Promise<void> {
    const { commit, have, files } = this.#options;
    if (!have || have === commit || !(await this.#held.has(have))) return;
    const change = { wants: [commit], have, tipOnly: true, ...(files ? {} : { filter: 'blob:none' as const }) };
    try {
      await this.#bring(change, this.#ports.limits.changeObjectsMax);
      // Nothing comes back when the commit is older than `have`, unless the host knows that we lack what is older.
      const came = await this.#held.has(commit);
      if (!came) await this.#bring({ ...change, haveIsShallow: true }, this.#ports.limits.changeObjectsMax);
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'too-large')) throw error;
      this.#budget.startOver();
    }
  }

  async #bring(request: FetchRequest, objectsMax: number): Promise<void> {
    const findHeld = (oid: string) => this.#held.peek(oid);
    const context = { budget: this.#budget, objectsMax, findHeld, signal: this.#options.signal };
    this.#held.add(await this.#ports.source.fetch(request, context));
  }
}

/** What has to come next: the commit, else the directories on the way, else what stands at the paths. */
function missingNext({ commit, above, whole }: Survey, id: string): string[] {
  if (!commit) return [id];
  return above.size > 0 ? [...above] : [...whole];
}

function requestsFor({ commit, above, whole }: Survey, options: PullOptions): FetchRequest[] {
  if (!commit) return [{ wants: [options.commit], filter: 'tree:1', tipOnly: true }];
  if (above.size > wantsMax) return [{ wants: [options.commit], filter: 'blob:none', tipOnly: true }];
  if (above.size > 0) return [{ wants: [...above], filter: 'tree:0' }];
  const wants = [...whole];
  const batches = Math.ceil(wants.length / wantsMax);
  return Array.from({ length: batches }, (_, index) => ({
    wants: wants.slice(index * wantsMax, (index + 1) * wantsMax),
  }));
}

function notSent(oid: string): Fault {
  return gitFault('GitObjectMissing', {
    message: `the Git host was asked for ${oid} and sent something else; it may be damaged, or not what it claims to be`,
    subject: oid,
  });
}
