import { mapLimited, shortened, toFault } from '@flotilla/foundation';
import { targetTitle, type DesiredEntry, type EntryFreeze, type HeldEntry, type Suspension } from '@flotilla/model';
import { contentDigest } from '@flotilla/model/node';
import type { AheadCluster, FleetStanding, RecoveryRecord } from './recovery-record.port.ts';

/** An order that a cluster still holds, and that the database lost: it ends when the fleet is recovered. */
export interface LostOrder {
  readonly target: string;
  readonly suspended: Suspension;
}

/** What recovering would change on one cluster. Targets are named as people name them; nothing is ever deleted by it. */
export interface ClusterRecovery {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
  /** Targets that the database does not know: they are kept as they are, and listed as Unlisted. */
  readonly unlisted: readonly string[];
  readonly lostOrders: readonly LostOrder[];
  /** Freezes that the cluster still keeps, each once, and that the database lost: they end. */
  readonly lostFreezes: readonly EntryFreeze[];
}

/** One cluster of the plan; without `recovery`, why it could not be told. */
export interface PlannedCluster extends AheadCluster {
  readonly recovery?: ClusterRecovery;
  readonly unknown?: string;
}

/** What `recover` would do, before anybody says yes. */
export interface RecoveryPlan extends Omit<FleetStanding, 'ahead'> {
  readonly ahead: readonly PlannedCluster[];
}

/** Asks the agent of a cluster what it holds. */
export type AskHeld = (cluster: string) => Promise<readonly HeldEntry[]>;

/** Clusters that are asked what they hold: enough to see what happened, however many are ahead. */
const askedMax = 100;
const askedAtOnceMax = 50;

/** Says what recovering would do, cluster by cluster. Changes nothing. */
export async function planRecovery(ports: { record: RecoveryRecord; askHeld: AskHeld }): Promise<RecoveryPlan> {
  const { ahead, ...standing } = await ports.record.standing();
  const asked = await mapLimited(ahead.slice(0, askedMax), askedAtOnceMax, (cluster) => planCluster(ports, cluster));
  const others = ahead
    .slice(askedMax)
    .map((cluster) => ({ ...cluster, unknown: `only ${askedMax} clusters are asked` }));
  return { ...standing, ahead: [...asked, ...others] };
}

async function planCluster(
  { record, askHeld }: { record: RecoveryRecord; askHeld: AskHeld },
  cluster: AheadCluster,
): Promise<PlannedCluster> {
  try {
    const [wanted, held] = await Promise.all([record.entriesOf(cluster.uid), askHeld(cluster.uid)]);
    return { ...cluster, recovery: compareHeld(wanted, held) };
  } catch (error) {
    return { ...cluster, unknown: shortened(toFault(error).message, 200) };
  }
}

/** Compares what a database would send with what a cluster holds. Pure. Generations say nothing: they were spent twice. */
export function compareHeld(wanted: readonly DesiredEntry[], held: readonly HeldEntry[]): ClusterRecovery {
  const known = new Map(held.map((entry) => [entry.target, entry]));
  const listed = new Set(wanted.map(({ target }) => target));
  const differs = (entry: DesiredEntry) => known.get(entry.target)!.content !== contentDigest(entry);
  const shared = wanted.filter(({ target }) => known.has(target));
  return {
    added: wanted.filter(({ target }) => !known.has(target)).map(targetTitle),
    changed: shared.filter(differs).map(targetTitle),
    unchanged: shared.filter((entry) => !differs(entry)).length,
    unlisted: held.filter(({ target }) => !listed.has(target)).map(targetTitle),
    lostOrders: shared.flatMap((entry) => lostOrder(entry, known.get(entry.target)!)),
    lostFreezes: [...lostFreezes(shared, known).values()],
  };
}

function lostFreezes(
  wanted: readonly DesiredEntry[],
  known: ReadonlyMap<string, HeldEntry>,
): ReadonlyMap<string, EntryFreeze> {
  const lost = wanted.flatMap(({ target, frozen = [] }) => {
    const names = new Set(frozen.map(({ name }) => name));
    return (known.get(target)!.frozen ?? []).filter(({ name }) => !names.has(name));
  });
  return new Map(lost.map((freeze) => [freeze.name, freeze]));
}

function lostOrder(entry: DesiredEntry, { suspended }: HeldEntry): LostOrder[] {
  return suspended && !entry.suspended ? [{ target: targetTitle(entry), suspended }] : [];
}
