import { shortened } from '@flotilla/foundation';
import { objectId, type ObjectKey } from '@flotilla/model';
import type { Turn } from '@flotilla/workload-manifests';
import type { HookRun, TargetRecord } from '../keep/target-record.ts';

/** The runs of hooks that are known of one sync, or of one departure. */
export interface HookRuns {
  readonly sync?: string | undefined;
  readonly runs: readonly HookRun[];
}

type Phase = Pick<Turn, 'phase'>;

/** What runs before a deletion is written down apart: an agent of before would not know what to make of it. */
export function runsFor({ hooks, beforeDelete }: TargetRecord, { phase }: Phase): HookRuns | undefined {
  return phase === 'PreDelete' ? beforeDelete : hooks;
}

export function runOf({ runs }: HookRuns, key: ObjectKey, { phase }: Phase): HookRun | undefined {
  const id = objectId(key);
  return runs.find((run) => run.phase === phase && objectId(run.key) === id);
}

/** The record of a sync of this name; what is known of another one is forgotten. */
export function withSync(record: TargetRecord, { phase }: Phase, sync: string): TargetRecord {
  if (runsFor(record, { phase })?.sync === sync) return record;
  if (phase === 'PreDelete') return { ...record, beforeDelete: { ...record.beforeDelete!, sync, runs: [] } };
  return { ...record, hooks: { sync, kind: 'upgrade', runs: [] } };
}

/** The record holds it for as long as the target runs nothing newer. */
const whyMax = 500;

/** The record with this run in it, in the place of what was known of it. */
export function withRun(record: TargetRecord, { why, ...rest }: HookRun): TargetRecord {
  const run = { ...rest, ...(why && { why: shortened(why, whyMax) }) };
  const { hooks, beforeDelete } = record;
  const { phase } = run;
  return phase === 'PreDelete'
    ? { ...record, beforeDelete: { ...beforeDelete!, runs: replaced(beforeDelete!.runs, { ...run, phase }) } }
    : { ...record, hooks: { ...hooks!, runs: replaced(hooks!.runs, { ...run, phase }) } };
}

function replaced<Run extends HookRun>(runs: readonly Run[], run: Run): Run[] {
  const isKnown = runs.some((one) => isSame(one, run));
  return isKnown ? runs.map((one) => (isSame(one, run) ? run : one)) : [...runs, run];
}

function isSame(left: HookRun, right: HookRun): boolean {
  return left.phase === right.phase && objectId(left.key) === objectId(right.key);
}
