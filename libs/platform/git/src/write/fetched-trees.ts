import { gitFault } from '../git-faults.ts';
import type { GitObject } from '../objects/git-object.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import { HeldObjects } from '../pull/held-objects.ts';
import type { PullPorts } from '../pull/pull-commit.ts';

/** Directories by id: held, or fetched with all directories below, and without the files. */
export class FetchedTrees {
  readonly #ports: PullPorts;
  readonly #signal: AbortSignal;
  readonly #held: HeldObjects;
  readonly #budget: PullBudget;

  constructor(ports: PullPorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
    this.#held = new HeldObjects(ports);
    this.#budget = new PullBudget(ports.limits);
  }

  async get(oid: string): Promise<GitObject> {
    const held = (await this.#held.get(oid)) ?? (await this.#fetch(oid));
    if (held) return held;
    throw gitFault('GitObjectMissing', { message: `the Git host no longer has tree ${oid}`, subject: oid });
  }

  async #fetch(oid: string): Promise<GitObject | undefined> {
    const context = {
      budget: this.#budget,
      objectsMax: this.#ports.limits.packObjectsMax,
      findHeld: (wanted: string) => this.#held.peek(wanted),
      signal: this.#signal,
    };
    this.#held.add(await this.#ports.source.fetch({ wants: [oid], filter: 'blob:none' }, context));
    return this.#held.get(oid);
  }
}
