import { Fault } from '@flotilla/foundation';
import { actorText, type DesiredEntry, type Suspension } from '@flotilla/model';
import type { BreakingGlass, OrderGiver, SelectedTarget, TargetSelection } from '../delivery-record.port.ts';
import type { DeliveryFacts } from '../facts.ts';
import type { InMemorySets, StoredTarget } from './in-memory-sets.ts';

/** What orders have to know besides the targets. */
export interface TargetOrderSurroundings {
  readonly sets: InMemorySets;
  /** The clusters that an application may be on. */
  readonly clusters: (application: string) => DeliveryFacts['clusters'];
  /** What an environment gets if nothing stands in the way. */
  readonly enteringDigest: (application: string, environment: string) => string | undefined;
}

/** What people order of targets that stand: each order reaches those of its selection, in one generation of a cluster. */
export class InMemoryTargetOrders {
  readonly #around: TargetOrderSurroundings;

  constructor(around: TargetOrderSurroundings) {
    this.#around = around;
  }

  suspend(selection: TargetSelection, suspension?: Suspension): readonly SelectedTarget[] {
    return this.#order(selection, ({ suspended: _, ...entry }) =>
      suspension ? { ...entry, suspended: suspension } : entry,
    );
  }

  breakGlass(
    selection: TargetSelection,
    { reason, since, expires }: BreakingGlass,
    by: OrderGiver,
  ): readonly SelectedTarget[] {
    const glass = { by: actorText(by), reason, since, expires };
    const isFrozen = ({ frozen }: DesiredEntry) => frozen !== undefined;
    const broken = (entry: DesiredEntry, application: string) => {
      const entering = this.#around.enteringDigest(application, entry.environment);
      return { ...entry, breakGlass: { ...glass, sourceDigest: entering ?? entry.sourceDigest } };
    };
    return this.#order(selection, broken, isFrozen);
  }

  requestSync(selection: TargetSelection, request: string): readonly SelectedTarget[] {
    return this.#order(selection, (entry) => ({ ...entry, syncRequest: request }));
  }

  clusterOf(project: string, target: string): string {
    const found = this.#around.sets.find(target);
    if (found?.entry.project === project) return found.cluster;
    const message = `there is no target ${target} in project ${project}`;
    throw new Fault({ code: 'not-found', reason: 'TargetMissing', message });
  }

  #order(
    { project, application, environment, cluster }: TargetSelection,
    change: (entry: DesiredEntry, application: string) => DesiredEntry,
    isMeant: (entry: DesiredEntry) => boolean = () => true,
  ): readonly SelectedTarget[] {
    const { sets } = this.#around;
    const chosen = sets
      .standing()
      .filter(
        (target) =>
          isMeant(target.entry) &&
          target.entry.project === project &&
          (application ?? target.entry.application) === target.entry.application &&
          (environment ?? target.environment) === target.environment &&
          (cluster ?? this.#nameOf(target)) === this.#nameOf(target),
      );
    const generations = sets.spend(chosen.map((target) => target.cluster));
    return chosen.map((target) => {
      const entry = { ...change(target.entry, target.application), generation: generations.get(target.cluster)! };
      sets.put({ ...target, entry });
      return { uid: target.uid, name: `${entry.application}.${entry.environment}.${this.#nameOf(target)}` };
    });
  }

  #nameOf({ application, cluster }: StoredTarget): string {
    const clusters = this.#around.clusters(application);
    return clusters.find(({ uid }) => uid === cluster)?.name ?? cluster;
  }
}
