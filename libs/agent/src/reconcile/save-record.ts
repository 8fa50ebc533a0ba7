import type { TargetRecord } from '../keep/target-record.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';

/** Writes a record down and only then believes it: what is in memory alone is gone with the process. */
export async function saveRecord(memory: TargetMemory, { records }: StepPorts, record: TargetRecord): Promise<void> {
  await records.save(record);
  memory.record = record;
  memory.unsaved = false;
  memory.keptDigest = record.bundles[0]?.sourceDigest;
}
