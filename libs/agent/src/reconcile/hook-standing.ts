import { parseDuration } from '@flotilla/foundation';
import { digestOf } from '@flotilla/foundation/node';
import { objectTitle, type DesiredEntry, type ObjectKey } from '@flotilla/model';
import { hookDeadlineOf, phasesOf, waveOf, type Turn } from '@flotilla/workload-manifests';
import type { DesiredHook } from '../apply/desired-object.ts';
import type { HookRecord, HookRun } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import { runOf } from './hook-runs.ts';
import type { TargetMemory } from './target-memory.ts';
import { deadlineMs } from './wait.ts';

/** How one run of a hook stands in the sync that is under way. */
export interface HookStanding {
  readonly hook: DesiredHook;
  readonly turn: Turn;
  readonly run: HookRun | undefined;
  readonly live: LiveObject | undefined;
  readonly state: HookState;
  readonly untilMs: number;
}

export type HookState =
  /** To be begun, or begun without our knowing whether it took effect. */
  | { readonly name: 'due' }
  | { readonly name: 'running' }
  /** It is over, and the record does not say so yet. */
  | { readonly name: 'over'; readonly ended: 'succeeded' | 'failed'; readonly why: string | undefined }
  /** The record says how it ended. */
  | { readonly name: 'succeeded' }
  | { readonly name: 'failed' };

export interface HookWorld {
  readonly live: (key: ObjectKey) => LiveObject | undefined;
  readonly nowMs: number;
}

/** Names the sync of an entry: a new release, other inputs, or a person who asks once more make another one. */
export function syncName({ release, sourceDigest, syncRequest = '' }: DesiredEntry): string {
  return digestOf([release, sourceDigest, syncRequest]).slice(0, 16);
}

/** Names one run: the same for as long as it is the same sync, whichever process asks. */
export function runName(sync: string, { turn: { phase } }: Pick<HookStanding, 'turn'>): string {
  return `${sync}-${phase}`;
}

/**
 * What is to be written down before hooks of a new sync run; nothing where there are none, or where they are known. What a
 * person pinned is a way back: it runs none. Nor does what is frozen, whoever asks for a sync: a hook is a deploy.
 */
export function hooksToBegin(memory: TargetMemory, isSyncing: boolean): HookRecord | undefined {
  const { entry, rendered, record } = memory;
  if (!isSyncing || rendered!.hooks.length === 0 || memory.skipsHooks) return undefined;
  const sync = syncName(entry!);
  if (record.hooks?.sync === sync) return undefined;
  // What another tool installed is not installed once more: its first hooks may begin from nothing.
  const ranBefore = record.running !== undefined || (entry!.sync.takeOverFrom?.length ?? 0) > 0;
  return { sync, kind: ranBefore ? 'upgrade' : 'install', runs: [] };
}

/** Every hook of the sync that is under way, once for each phase that it takes part in. */
export function hookStandings(memory: TargetMemory, world: HookWorld): HookStanding[] {
  const { entry, rendered, record } = memory;
  const { hooks } = record;
  if (!hooks || hooks.sync !== syncName(entry!) || memory.skipsHooks) return [];
  return rendered!.hooks.flatMap((hook) =>
    phasesOf(hook.object, hooks.kind).map((phase) => {
      const turn = { phase, wave: waveOf(hook.object) };
      return hookStanding({ hook, turn, run: runOf(hooks, hook.key, turn), entry: entry! }, world);
    }),
  );
}

export interface HookQuestion {
  readonly hook: DesiredHook;
  readonly turn: Turn;
  readonly run: HookRun | undefined;
  readonly entry: DesiredEntry;
}

/** How one hook stands, by what is known of its run and what is there of it. */
export function hookStanding(
  { hook, turn, run, entry }: HookQuestion,
  { live: liveOf, nowMs }: HookWorld,
): HookStanding {
  const live = liveOf(hook.key);
  const patienceMs = parseDuration(hookDeadlineOf(hook.object) ?? '') ?? deadlineMs(entry);
  const untilMs = (run ? Date.parse(run.startedAt) : nowMs) + patienceMs;
  return { hook, turn, run, live, untilMs, state: stateOf(run, live, nowMs >= untilMs) };
}

function stateOf(run: HookRun | undefined, live: LiveObject | undefined, isLate: boolean): HookState {
  if (!run) return { name: 'due' };
  if (run.ended) return { name: run.ended };
  if (run.uid === undefined) return isLate ? failed(run.why ?? 'it could not be begun in time') : { name: 'due' };
  if (live?.uid !== run.uid) return failed('it was deleted before it was seen to end');
  if (live.health.status === 'Healthy') return { name: 'over', ended: 'succeeded', why: undefined };
  if (live.health.status === 'Degraded') return failed(live.health.reason?.message);
  return isLate ? failed('it has not ended in time') : { name: 'running' };
}

function failed(why: string | undefined): HookState {
  return { name: 'over', ended: 'failed', why };
}

/** Not over yet: everything after its turn waits for it. */
export function isUnfinished({ state }: HookStanding): boolean {
  return state.name === 'due' || state.name === 'running';
}

/** `PreSync hook Job apps/migrate` */
export function hookTitle({ hook, turn }: Pick<HookStanding, 'hook' | 'turn'>): string {
  return `${turn.phase} hook ${objectTitle(hook.key)}`;
}
