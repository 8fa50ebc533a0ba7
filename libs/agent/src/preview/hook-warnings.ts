import { objectTitle, type Reason } from '@flotilla/model';
import { phasesOf, type SyncKind } from '@flotilla/workload-manifests';
import { hooksToBegin } from '../reconcile/hook-standing.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';

/** Hooks that would run again, or be left out on the way back. */
export function hookWarnings(memory: TargetMemory): Reason[] {
  if (memory.skipsHooks) return warningsOf(memory, 'upgrade', leftOut);
  const begun = hooksToBegin(memory, true);
  return begun ? warningsOf(memory, begun.kind, memory.isWayBack ? runsBack : runs) : [];
}

interface HookWarning {
  readonly code: string;
  readonly text: string;
}

function warningsOf({ rendered }: TargetMemory, kind: SyncKind, { code, text }: HookWarning): Reason[] {
  return rendered!.hooks.flatMap(({ key, object }) => {
    const phases = phasesOf(object, kind);
    if (phases.length === 0) return [];
    return [{ code, message: `${objectTitle(key)}: this ${phases.join(' and ')} hook ${text}` }];
  });
}

const runs: HookWarning = {
  code: 'HookRuns',
  text: 'runs, and what it does outside of its objects is not taken back by going back; see that it may run here',
};
const runsBack: HookWarning = {
  code: 'HookRuns',
  text: 'runs once more, and was written for going forward; leave out --run-hooks where it must not',
};
const leftOut: HookWarning = {
  code: 'HookLeftOut',
  text: 'does not run on the way back, so what a later one did stays done; have it run with --run-hooks',
};
