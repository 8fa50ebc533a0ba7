import type { PlannedPlace, PlannedRollback, RollbackMark } from '@flotilla/control-delivery';
import type { Actor } from '@flotilla/model';
import { openRepair } from '../sources/open-repair.ts';
import type { Transaction } from '../transaction.ts';

const branchPrefix = 'refs/heads/';

/** A place whose branch in Git still says what it went away from. */
interface UnmendedPlace {
  readonly application: string;
  readonly project: string;
  readonly repository: string;
  readonly branch: string;
  readonly paths: readonly string[];
  readonly good: string;
  readonly bad: string;
}

/**
 * Asks for the repair of Git where everything went back, once for each branch and way back: the pins end when Git says the
 * same. What was taken back on some clusters only stays in Git as it is.
 */
export async function askRepairs(
  transaction: Transaction,
  planned: readonly PlannedRollback[],
  { mark, by }: { readonly mark: RollbackMark; readonly by: Actor },
): Promise<void> {
  const unmended = planned.flatMap(({ places }) => places.flatMap(unmendedPlace));
  for (const places of Map.groupBy(unmended, wayOf).values()) {
    const [{ project, repository, branch, good, bad }] = places as [UnmendedPlace];
    await openRepair(transaction, {
      rollback: mark.rollback,
      project,
      repository,
      branch,
      applications: distinct(places.map(({ application }) => application)),
      paths: distinct(places.flatMap(({ paths }) => paths)),
      goodRevision: good,
      badRevision: bad,
      reason: mark.reason,
      by: { kind: by.kind, name: by.name },
    });
  }
}

function wayOf({ project, repository, branch, good, bad }: UnmendedPlace): string {
  return [project, repository, branch, good, bad].join(' ');
}

function unmendedPlace({ place }: PlannedPlace): UnmendedPlace[] {
  const { history, environment, isWhole, from, to } = place;
  const { application, stages } = history.delivery;
  const ref = stages.find((stage) => stage.environment === environment)?.ref ?? '';
  const repository = application.document?.spec.source.repository;
  const [bad] = from;
  if (!isWhole || !bad || !repository || !ref.startsWith(branchPrefix)) return [];
  const { path, also } = to!.content.source;
  const { project, name } = application;
  const way = { branch: ref.slice(branchPrefix.length), paths: [path, ...also] };
  return [{ application: name, project, repository, ...way, good: to!.release.revision, bad: bad.revision }];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}
