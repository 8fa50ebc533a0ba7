import { Fault } from '@flotilla/foundation';
import { targetTitle, type DesiredEntry } from '@flotilla/model';
import { actingCluster } from '../apply/acting-cluster.ts';
import { fetchBundle } from '../reconcile/fetch-bundle.ts';
import { freezing } from '../reconcile/freezing.ts';
import { renderEntry } from '../reconcile/render-entry.ts';
import { retreatBundle } from '../reconcile/retreat.ts';
import type { StepPorts } from '../reconcile/step.ts';
import { TargetMemory } from '../reconcile/target-memory.ts';
import { wantedEntry } from '../reconcile/wanted-entry.ts';

/** A target as it would be, and how what it would run was come by. */
export interface ForeseenTarget {
  readonly memory: TargetMemory;
  /** Its files were not held here, and had to be fetched. */
  readonly isFetched: boolean;
  /** Why nothing would be written whatever is ordered. */
  readonly stopped: string | undefined;
}

export interface ForeseeOptions {
  /** What is remembered of the target; it is left as it is. */
  readonly known: TargetMemory | undefined;
  readonly ports: StepPorts;
  readonly signal: AbortSignal;
}

/**
 * What a target would run under an entry that nobody ordered yet, by the same rules as if it were ordered: a pin or a
 * freeze in the cluster counts. Nothing is written, neither to the cluster nor to what the agent remembers.
 */
export async function foreseeTarget(
  ordered: DesiredEntry,
  { known, ports, signal }: ForeseeOptions,
): Promise<ForeseenTarget> {
  const memory = asOrdered(ordered, known, ports);
  const entry = memory.entry!;
  const held = memory.record.bundles.find(({ sourceDigest }) => sourceDigest === entry.sourceDigest);
  const bundle = held ?? (await fetchBundle(entry, ports.sources));
  const acting = { ...ports, cluster: actingCluster(ports.cluster, entry) };
  memory.rendered = await renderEntry(entry, bundle, { ports: acting, signal });
  if (!memory.rendered) throw notInTime(entry);
  const stopped = ports.suspensions.reasonFor(ordered.target) ?? entry.suspended;
  return { memory, isFetched: !held, stopped: stopped && `${stopped.by}: ${stopped.reason}` };
}

/** A memory of its own, so that what is asked changes nothing of what is being done. */
function asOrdered(ordered: DesiredEntry, known: TargetMemory | undefined, ports: StepPorts): TargetMemory {
  const memory = new TargetMemory(ordered.target, known?.record);
  const { record } = memory;
  memory.ordered = ordered;
  memory.pin = ports.suspensions.pinOf(ordered.target);
  memory.freezing = freezing(ordered, record, ports.clock.now());
  const { pin, freezing: frozen } = memory;
  const retreat = retreatBundle(ordered, record);
  memory.retreated = retreat !== undefined;
  memory.entry = wantedEntry(ordered, { bundles: record.bundles, pin, freezing: frozen, retreat });
  return memory;
}

function notInTime(entry: DesiredEntry): Fault {
  const message = `${targetTitle(entry)} was not rendered in time`;
  return new Fault({ code: 'timeout', reason: 'PreviewTooSlow', message });
}
