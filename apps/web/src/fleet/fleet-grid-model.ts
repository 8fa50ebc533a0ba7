import type { DocumentView, TargetCountView, TargetView } from '@flotilla/contracts';
import { countKey } from '../live/live-key.ts';
import { environmentOrder } from './environment-order.ts';

/** The fleet as a table: what runs where, in numbers. */
export interface FleetGridModel {
  readonly environments: readonly string[];
  readonly applications: readonly string[];
  /** By `countKey`. */
  readonly squares: ReadonlyMap<string, TargetCountView>;
}

/** Rows are applications by name, those without a target included; columns are environments on the way to production. */
export function fleetGrid(
  counts: ReadonlyMap<string, TargetCountView>,
  documents: Iterable<DocumentView>,
): FleetGridModel {
  const known = [...documents];
  const squares = new Map([...counts.values()].map((count) => [countKey(count.application, count.environment), count]));
  const applications = new Set([...squares.values()].map(({ application }) => application));
  for (const { kind, metadata } of known) if (kind === 'Application') applications.add(metadata.name);
  return {
    environments: environmentOrder(
      known,
      [...squares.values()].map(({ environment }) => environment),
    ),
    applications: [...applications].toSorted(),
    squares,
  };
}

/** The revisions that the targets of each square shall run: one when all is quiet, two while one takes over from another. */
export function revisionsBySquare(targets: Iterable<TargetView>): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { spec } of targets) {
    const key = countKey(spec.application, spec.environment);
    const revisions = found.get(key);
    if (revisions) revisions.add(spec.revision);
    else found.set(key, new Set([spec.revision]));
  }
  return found;
}
