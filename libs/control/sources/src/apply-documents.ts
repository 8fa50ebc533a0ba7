import { applyOwner, planDocuments, type Actor, type DocumentKey, type DocumentPlan } from '@flotilla/model';
import { healthRuleProblems } from '@flotilla/workload-health';
import { readDocuments, type DocumentFile, type SourceProblem } from '@flotilla/workload-manifests';
import type { Documents } from './documents.port.ts';
import { planReading, type ReadPlan } from './read-plan.ts';

/** Documents that somebody sends, as files, so that errors can name the line. */
export interface ApplyRequest {
  readonly project: string;
  readonly files: readonly DocumentFile[];
  readonly by: Actor;
  /** Say what would happen, and change nothing. */
  readonly dryRun: boolean;
}

/** Creates and changes the documents that somebody sends: all of them, or none when anything is wrong with one. */
export async function applyDocuments(
  documents: Documents,
  { project, files, by, dryRun }: ApplyRequest,
): Promise<ReadPlan> {
  const reading = readDocuments(files, healthRuleProblems);
  const plan = (current: Awaited<ReturnType<Documents['all']>>) =>
    planReading({ reading, current, project, owner: applyOwner, complete: false });
  if (dryRun) return plan(await documents.all(project));
  let problems: readonly SourceProblem[] = [];
  const written = await documents.change({
    project,
    by,
    owner: applyOwner,
    decide: (current) => {
      const planned = plan(current);
      ({ problems } = planned);
      return problems.length > 0 ? { changes: [], problems: planned.plan.problems } : planned.plan;
    },
  });
  return { plan: written, problems };
}

/** Deletes one document that was made by `apply`. */
export async function deleteDocument(
  documents: Documents,
  request: { key: DocumentKey; by: Actor; dryRun: boolean },
): Promise<DocumentPlan> {
  const { key, by, dryRun } = request;
  const { project } = key;
  const options = { incoming: [], owner: applyOwner, complete: false, remove: [key] };
  if (dryRun) return planDocuments({ ...options, current: await documents.all(project) });
  return documents.change({
    project,
    by,
    owner: applyOwner,
    decide: (current) => planDocuments({ ...options, current }),
  });
}
