import { parseDuration } from '@flotilla/foundation';
import { intentOf, type DesiredEntry } from '@flotilla/model';
import type { Bundle, Retreat, TargetRecord } from '../keep/target-record.ts';
import type { TargetMemory } from './target-memory.ts';

/** Not well for a moment is no failure of a release. */
const unwellMinMs = 60_000;
/** What fails on one target after another is not for an agent alone to mend. */
export const retreatsMax = { count: 3, withinMs: 3_600_000 } as const;

/** What a retreat of a target is judged by, besides the target itself. */
export interface RetreatWorld {
  readonly nowMs: number;
  /** For how long nobody has confirmed what was told. */
  readonly unheardMs: number;
  /** How many targets of its environment went back here within the last while. */
  readonly recent: number;
}

/**
 * The bundle that a target goes back to by itself. Only where its environment says so, while nobody hears the agent, and
 * only what failed in its first time here and was not gone back from before: to what was well, and held, and nothing else.
 */
export function dueRetreat(memory: TargetMemory, { nowMs, unheardMs, recent }: RetreatWorld): Bundle | undefined {
  const { ordered, record, unwellSince } = memory;
  const policy = ordered?.retreat;
  if (!policy || !mayRetreat(memory) || recent >= retreatsMax.count) return undefined;
  if (unwellSince === undefined || nowMs - unwellSince < unwellMinMs) return undefined;
  const isFresh = unwellSince - Date.parse(record.running!.appliedAt) <= (parseDuration(policy.within) ?? 0);
  if (!isFresh || unheardMs < (parseDuration(policy.after) ?? Infinity)) return undefined;
  return record.bundles.find((held) => held.good === true && held.sourceDigest !== ordered.sourceDigest);
}

/** It runs what its set says, nobody holds it at anything, and this release did not fail here before. */
function mayRetreat({ ordered, record, pin, freezing, isAsked }: TargetMemory): boolean {
  const { running, retreat } = record;
  if (intentOf(ordered!) !== 'run' || ordered!.pin || pin || freezing || isAsked) return false;
  const runsIt = running?.release === ordered!.release && running.sourceDigest === ordered!.sourceDigest;
  return runsIt && retreat?.from.release !== ordered!.release;
}

/** Whether a target stays at what it went back to: until another order comes, or a person asks for a sync. */
export function isStanding({ from, syncRequest, ended }: Retreat, ordered: DesiredEntry): boolean {
  const isSame = from.release === ordered.release && from.sourceDigest === ordered.sourceDigest;
  return !ended && isSame && !ordered.pin && intentOf(ordered) === 'run' && syncRequest === ordered.syncRequest;
}

/** The bundle that a target went back to by itself, while that stands. */
export function retreatBundle(ordered: DesiredEntry, { retreat, bundles }: TargetRecord): Bundle | undefined {
  if (!retreat || !isStanding(retreat, ordered)) return undefined;
  return bundles.find(({ sourceDigest }) => sourceDigest === retreat.to);
}

/** The same record once something else was ordered: what comes again after that comes because somebody wants it. */
export function withoutRetreat(record: TargetRecord, ordered: DesiredEntry | undefined): TargetRecord {
  const { retreat } = record;
  if (!retreat || retreat.ended || !ordered || isStanding(retreat, ordered)) return record;
  return { ...record, retreat: { ...retreat, ended: true } };
}

/** Whether a target went back by itself within the last while. */
export function retreatedLately({ retreat }: TargetRecord, nowMs: number): boolean {
  return retreat !== undefined && nowMs - Date.parse(retreat.at) < retreatsMax.withinMs;
}
