import { canonicalJson } from '@flotilla/foundation';
import type { StageStanding } from './stage-standing.ts';

/** Standings that differ from what was last written, and stages that are none any more. */
export function changedStandings(
  before: readonly StageStanding[],
  now: readonly StageStanding[],
): { readonly written: readonly StageStanding[]; readonly removed: readonly string[] } {
  const known = new Map(before.map((standing) => [standing.environment, canonicalJson(standing)]));
  const standing = new Set(now.map(({ environment }) => environment));
  return {
    written: now.filter((each) => known.get(each.environment) !== canonicalJson(each)),
    removed: [...known.keys()].filter((environment) => !standing.has(environment)),
  };
}

/** A gate that let a release in which had waited for it. */
export interface PassedGate {
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly gate: string;
}

/** The gates that releases have passed since. What never waited for a gate has nothing to tell of it. */
export function passedGates(before: readonly StageStanding[], now: readonly StageStanding[]): PassedGate[] {
  const waited = new Set(
    before.flatMap(({ environment, candidates }) =>
      candidates.flatMap(({ release, waits }) => waits.map(({ gate }) => nameOf({ environment, release, gate }))),
    ),
  );
  return now.flatMap(({ environment, candidates }) =>
    candidates.flatMap(({ release, revision, passed }) =>
      passed.map((gate) => ({ environment, release, revision, gate })).filter((each) => waited.has(nameOf(each))),
    ),
  );
}

function nameOf({ environment, release, gate }: Omit<PassedGate, 'revision'>): string {
  return `${environment}/${release}/${gate}`;
}
