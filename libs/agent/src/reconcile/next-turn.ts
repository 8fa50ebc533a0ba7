import { objectId, objectTitle } from '@flotilla/model';
import { compareTurns, type Turn } from '@flotilla/workload-manifests';
import type { PlannedObject } from '../apply/object-plan.ts';
import { isUnfinished, type HookStanding } from './hook-standing.ts';
import type { Awaited } from './awaited.ts';

/** What may be done now, and what the rest waits for. */
export interface NextTurn {
  readonly objects: readonly PlannedObject[];
  readonly hooks: readonly HookStanding[];
  readonly waits?: Awaited | undefined;
  /** No other object is to be written. */
  readonly isLast: boolean;
  /** Everything is applied, and no hook before that is left: only what comes after a sync may be. */
  readonly isApplied: boolean;
}

export interface NextTurnOptions {
  readonly isSyncing: boolean;
  readonly hooks: readonly HookStanding[];
}

/**
 * Whose turn it is. In a sync a wave that somebody asked for waits until everything before it is there and well, and so
 * does whatever says that it depends on another; between two syncs what was changed is taken back at once, and only what a
 * definition brings waits for its definition. Pure.
 */
export function nextTurn(objects: readonly PlannedObject[], { isSyncing, hooks }: NextTurnOptions): NextTurn {
  const due = objects.filter(isDue);
  const unfinished = hooks.filter(isUnfinished);
  if (due.length === 0 && unfinished.length === 0)
    return { objects: due, hooks: unfinished, isLast: true, isApplied: true };
  const unready = objects.filter((planned) => !isReady(planned));
  const barrier = earliest([...(isSyncing ? unready.map(barrierOf) : []), ...unfinished.map(hookBarrier)]);
  const isOpen = (turn: Turn) => !barrier || compareTurns(turn, barrier.turn) <= 0;
  const needed = neededBy(due, { unready, isSyncing });
  const open = due.filter((planned) => isOpen(planned.desired.turn) && !needed.has(planned));
  return {
    objects: open,
    hooks: unfinished.filter(({ state, turn }) => state.name === 'due' && isOpen(turn)),
    waits: waitOf({ due, unfinished, needed, barrier }),
    isLast: open.length === due.length,
    isApplied: due.length === 0 && unfinished.every(({ turn }) => turn.phase === 'PostSync'),
  };
}

/** What is to be written, and may be: what a person suspended waits for him, and keeps nobody of its own turn. */
export function isDue({ write, live }: PlannedObject): boolean {
  return write && live?.suspended === undefined;
}

/** Nothing is left to do about it, and it is well, or paused as somebody wanted it. */
function isReady({ write, live }: PlannedObject): boolean {
  return !write && (live?.health.status === 'Healthy' || live?.health.status === 'Suspended');
}

/** What is not well, by those that say that they need it. */
function neededBy(
  due: readonly PlannedObject[],
  { unready, isSyncing }: { readonly unready: readonly PlannedObject[]; readonly isSyncing: boolean },
): ReadonlyMap<PlannedObject, PlannedObject> {
  const mustBeWell = unready.filter(({ desired }) => isSyncing || desired.key.kind === 'CustomResourceDefinition');
  const ids = new Map(mustBeWell.map((planned) => [objectId(planned.desired.key), planned]));
  return new Map(
    due.flatMap((planned) => {
      const needed = planned.desired.needs.map((id) => ids.get(id)).find((one) => one !== undefined);
      return needed ? [[planned, needed] as const] : [];
    }),
  );
}

/** What everything after its turn waits for. */
interface Barrier {
  readonly turn: Turn;
  readonly awaited: Omit<Awaited, 'what'>;
}

function barrierOf(planned: PlannedObject): Barrier {
  return { turn: planned.desired.turn, awaited: awaitedOf(planned) };
}

function hookBarrier({ hook, turn, live, run, untilMs }: HookStanding): Barrier {
  const bounds = run && { sinceMs: Date.parse(run.startedAt), untilMs };
  return { turn, awaited: { on: objectTitle(hook.key), key: hook.key, why: healthText(live), ...bounds } };
}

function earliest(barriers: readonly Barrier[]): Barrier | undefined {
  let first = barriers[0];
  for (const one of barriers) if (compareTurns(one.turn, first!.turn) < 0) first = one;
  return first;
}

interface Unfinished {
  readonly due: readonly PlannedObject[];
  readonly unfinished: readonly HookStanding[];
  readonly needed: ReadonlyMap<PlannedObject, PlannedObject>;
  readonly barrier: Barrier | undefined;
}

/** The first that waits, in the order of turns, and what for; a hook that runs waits for itself. */
function waitOf({ due, unfinished, needed, barrier }: Unfinished): Awaited | undefined {
  const [needer] = needed;
  const turns = [...due.map(({ desired }) => desired.turn), ...unfinished.map(({ turn }) => turn)];
  const later = barrier && turns.filter((turn) => compareTurns(turn, barrier.turn) > 0).toSorted(compareTurns)[0];
  const running = unfinished.find(({ state }) => state.name === 'running');
  if (later) return { what: turnTitle(later), ...barrier.awaited };
  if (needer) return { what: objectTitle(needer[0].desired.key), ...awaitedOf(needer[1]) };
  return running && { what: turnTitle(running.turn), ...hookBarrier(running).awaited };
}

function awaitedOf({ desired, live }: PlannedObject): Omit<Awaited, 'what'> {
  return { on: objectTitle(desired.key), key: desired.key, why: healthText(live) };
}

function healthText(live: PlannedObject['live']): string {
  const { status = 'Missing', reason } = live?.health ?? {};
  return reason ? `${status}, ${reason.message}` : status;
}

/** `wave 2`, `PreSync wave -1`: a phase is named where it is not the sync itself. */
function turnTitle({ phase, wave }: Turn): string {
  return phase === 'Sync' ? `wave ${wave}` : wave === 0 ? phase : `${phase} wave ${wave}`;
}
