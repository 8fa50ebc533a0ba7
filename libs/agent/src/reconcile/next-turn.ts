import { objectId, objectTitle } from '@flotilla/model';
import { compareTurns, type Turn } from '@flotilla/workload-manifests';
import type { PlannedObject } from '../apply/object-plan.ts';
import type { Awaited } from './wait.ts';

/** What may be written now, and what the rest waits for. */
export interface NextTurn {
  readonly due: readonly PlannedObject[];
  readonly waits?: Awaited | undefined;
}

/**
 * Whose turn it is. In a sync a wave that somebody asked for waits until everything before it is there and well, and so
 * does whatever says that it depends on another; between two syncs what was changed is taken back at once, and only what a
 * definition brings waits for its definition. Pure.
 */
export function nextTurn(objects: readonly PlannedObject[], { isSyncing }: { readonly isSyncing: boolean }): NextTurn {
  const due = objects.filter(isDue);
  if (due.length === 0) return { due };
  const unready = objects.filter((planned) => !isReady(planned));
  const ids = new Map(unready.map((planned) => [objectId(planned.desired.key), planned]));
  const first = isSyncing ? earliest(unready) : undefined;
  const open: PlannedObject[] = [];
  let waits: Awaited | undefined;
  for (const planned of due) {
    const needed = planned.desired.needs.map((id) => ids.get(id)).find((one) => one && mustBeWell(one, isSyncing));
    const isEarly = first && compareTurns(first.desired.turn, planned.desired.turn) < 0;
    if (needed) waits ??= awaited(objectTitle(planned.desired.key), needed);
    else if (isEarly) waits ??= awaited(turnTitle(planned.desired.turn), first);
    else open.push(planned);
  }
  return { due: open, waits };
}

/** What is to be written, and may be: what a person suspended waits for him, and keeps nobody of its own turn. */
function isDue({ write, live }: PlannedObject): boolean {
  return write && live?.suspended === undefined;
}

/** Nothing is left to do about it, and it is well, or paused as somebody wanted it. */
export function isReady({ write, live }: PlannedObject): boolean {
  return !write && (live?.health.status === 'Healthy' || live?.health.status === 'Suspended');
}

function mustBeWell({ desired }: PlannedObject, isSyncing: boolean): boolean {
  return isSyncing || desired.key.kind === 'CustomResourceDefinition';
}

function earliest(objects: readonly PlannedObject[]): PlannedObject | undefined {
  let first = objects[0];
  for (const one of objects) if (compareTurns(one.desired.turn, first!.desired.turn) < 0) first = one;
  return first;
}

function awaited(what: string, { desired, live }: PlannedObject): Awaited {
  const { status = 'Missing', reason } = live?.health ?? {};
  return { what, on: objectTitle(desired.key), why: reason ? `${status}, ${reason.message}` : status };
}

/** `wave 2`, `PreSync wave -1`: a phase is named where it is not the sync itself. */
export function turnTitle({ phase, wave }: Turn): string {
  return phase === 'Sync' ? `wave ${wave}` : wave === 0 ? phase : `${phase} wave ${wave}`;
}
