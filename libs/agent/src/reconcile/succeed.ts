import { intentOf, objectId, targetTitle } from '@flotilla/model';
import { letNamespaceBe } from '../apply/kept-namespace.ts';
import type { TargetRecord } from '../keep/target-record.ts';
import { saveRecord } from './save-record.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';

/**
 * The target that this one goes on from: no order speaks of it any more, and it was the same application in the same
 * environment. A control plane that lost its record, or was joined anew, calls the same thing by another uid; what runs
 * must not stand in its own way. What a person said on the record of the old one has to be lifted there first.
 */
export function predecessorOf(
  memory: TargetMemory,
  unlisted: Iterable<TargetMemory>,
  { suspensions }: Pick<StepPorts, 'suspensions'>,
): TargetMemory | undefined {
  const { entry } = memory;
  if (!entry || intentOf(entry) !== 'run') return undefined;
  const title = targetTitle(entry);
  for (const other of unlisted) {
    const isLeft = other !== memory && !other.gone && other.record.title === title;
    if (isLeft && !suspensions.reasonFor(other.target) && !suspensions.pinOf(other.target)) return other;
  }
  return undefined;
}

/**
 * Takes over everything that the predecessor owned. The new record is written before the old one goes: whoever is cut off
 * in between finds both, and does it again.
 */
export async function succeed(memory: TargetMemory, before: TargetMemory, ports: StepPorts): Promise<void> {
  for (const { key } of before.record.inventory) {
    ports.claims.release(key, before.target);
    ports.claims.claim(key, memory.target);
  }
  await saveRecord(memory, ports, joinedRecord(memory, before.record));
  const { keptNamespace } = before.record;
  if (keptNamespace) await letNamespaceBe(ports.cluster, { target: before.target, name: keptNamespace.name });
  await ports.records.delete(before.target);
  before.gone = true;
}

function joinedRecord({ record, target, entry }: TargetMemory, before: TargetRecord): TargetRecord {
  const own = new Set(record.inventory.map(({ key }) => objectId(key)));
  const inventory = [...record.inventory, ...before.inventory.filter(({ key }) => !own.has(objectId(key)))];
  const running = record.running ?? before.running;
  const digests = new Set(record.bundles.map(({ sourceDigest }) => sourceDigest));
  const bundles = [...record.bundles, ...before.bundles.filter(({ sourceDigest }) => !digests.has(sourceDigest))];
  const { hooks, afterDelete, beforeDelete } = before;
  const kept = { ...(hooks && { hooks }), ...(afterDelete && { afterDelete }), ...(beforeDelete && { beforeDelete }) };
  return { ...kept, ...record, target, title: targetTitle(entry!), inventory, bundles, ...(running && { running }) };
}
