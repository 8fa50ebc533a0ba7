import type { StoredRepository } from '../repositories.port.ts';
import type { Repair, RepairProgress, Repairs } from '../repair/repairs.port.ts';

/** Repairs in memory, and every state that each of them was in. */
export class InMemoryRepairs implements Repairs {
  readonly #repairs = new Map<string, { repair: Repair; repository: StoredRepository }>();
  readonly states: string[] = [];

  open(repair: Repair, repository: StoredRepository): void {
    this.#repairs.set(repair.uid, { repair, repository });
  }

  async find(uid: string): Promise<{ repair: Repair; repository: StoredRepository } | undefined> {
    return this.#repairs.get(uid);
  }

  async begin(uid: string): Promise<void> {
    const found = this.#repairs.get(uid);
    if (!found) return;
    const { repair } = found;
    const state = repair.state === 'Waiting' ? 'Writing' : repair.state;
    this.#note(found, { ...repair, state, attempts: repair.attempts + 1 });
  }

  async progress({ uid }: Repair, progress: RepairProgress): Promise<void> {
    const found = this.#repairs.get(uid);
    if (!found) return;
    const { revert: _revert, url: _url, error: _error, ...standing } = found.repair;
    this.#note(found, { ...standing, conflicts: [], ...progress });
  }

  #note({ repository }: { repository: StoredRepository }, repair: Repair): void {
    this.#repairs.set(repair.uid, { repair, repository });
    if (this.states.at(-1) !== repair.state) this.states.push(repair.state);
  }
}
