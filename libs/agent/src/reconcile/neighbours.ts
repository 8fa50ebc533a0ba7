import { intentOf, targetTitle, type DesiredEntry, type TargetStatus } from '@flotilla/model';
import type { Awaited, NeighbourWaits } from './awaited.ts';
import type { TargetMemory } from './target-memory.ts';

type Told = Pick<TargetStatus, 'sync' | 'health' | 'gone'>;

/** How the targets of one cluster stand to each other: who depends on whom, in the same environment. */
export class Neighbours {
  readonly #byTitle = new Map<string, TargetMemory>();
  readonly #dependents = new Map<string, Set<TargetMemory>>();
  readonly #told = new Map<TargetMemory, Told>();

  /** A target was ordered something; whatever was told of it is told of what was wanted before. */
  ordered(memory: TargetMemory, before: DesiredEntry | undefined): void {
    const { ordered } = memory;
    if (before) for (const title of dependencyTitles(before)) this.#dependents.get(title)?.delete(memory);
    this.#told.delete(memory);
    if (!ordered) return;
    const own = targetTitle(ordered);
    // Deleted and made again: the one that leaves may be ordered last, and is not the one to wait for.
    const isLeaving = intentOf(ordered) !== 'run';
    if (!isLeaving || !isToRun(this.#byTitle.get(own))) this.#byTitle.set(own, memory);
    for (const title of dependencyTitles(ordered)) {
      const known = this.#dependents.get(title) ?? new Set();
      this.#dependents.set(title, known.add(memory));
    }
  }

  /** Takes what is told of a target, and answers with those who may have waited for that. */
  told(memory: TargetMemory, { sync, health, gone = false }: Told): readonly TargetMemory[] {
    const before = this.#told.get(memory);
    this.#told.set(memory, { sync, health, gone });
    const { ordered } = memory;
    const isNews = !before || isWell(before) !== isWell({ sync, health }) || before.gone !== gone;
    // Two that tell each other the same for ever would never rest.
    if (!ordered || !isNews) return [];
    const dependencies = gone ? dependencyTitles(ordered).map((title) => this.#byTitle.get(title)) : [];
    return [...this.#dependentsOf(ordered), ...dependencies].filter((one) => one !== undefined);
  }

  waitsOf(memory: TargetMemory): NeighbourWaits {
    const { ordered } = memory;
    if (!ordered) return {};
    return { dependency: this.#dependency(ordered), dependent: this.#dependent(ordered) };
  }

  #dependency(entry: DesiredEntry): Awaited | undefined {
    const what = targetTitle(entry);
    for (const on of dependencyTitles(entry)) {
      const other = this.#byTitle.get(on);
      const status = other && this.#told.get(other);
      const isThere = other?.ordered !== undefined && !other.gone;
      if (!isThere) return { what, on, why: 'it is not on this cluster', code: 'BlockedBy' };
      if (!status) return { what, on, why: 'it has not been looked at yet', code: 'BlockedBy' };
      if (!isWell(status)) return { what, on, why: `${status.sync}, ${status.health}`, code: 'BlockedBy' };
    }
    return undefined;
  }

  #dependent(entry: DesiredEntry): Awaited | undefined {
    const leaving = this.#dependentsOf(entry).find(({ ordered, gone }) => intentOf(ordered!) !== 'run' && !gone);
    if (!leaving) return undefined;
    return { what: targetTitle(entry), on: targetTitle(leaving.ordered!), why: 'it leaves first', code: 'BlockedBy' };
  }

  #dependentsOf(entry: DesiredEntry): TargetMemory[] {
    return [...(this.#dependents.get(targetTitle(entry)) ?? [])];
  }
}

function isToRun(memory: TargetMemory | undefined): boolean {
  return memory?.ordered !== undefined && intentOf(memory.ordered) === 'run';
}

function isWell({ sync, health }: Told): boolean {
  return sync === 'Synced' && health === 'Healthy';
}

function dependencyTitles({ project, environment, dependsOn = [] }: DesiredEntry): string[] {
  return dependsOn.map((application) => targetTitle({ project, application, environment }));
}
