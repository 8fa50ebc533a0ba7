import { operations, type DocumentPlanView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import type { TakenOverTool } from '@flotilla/model';
import { healthRuleProblems } from '@flotilla/workload-health';
import { readDocuments } from '@flotilla/workload-manifests';
import { sendOrder } from '../api.ts';
import { readFiles } from '../files/read-files.ts';
import type { FileOptions } from '../files/declare-files.ts';
import { InputFault } from '../program/input-fault.ts';
import type { Session } from '../session.ts';
import { takingOver } from './take-over-from.ts';

export interface SendOptions {
  readonly dryRun: boolean;
  /** Every Application takes its objects over from these tools, whatever its file says. */
  readonly takeOverFrom?: readonly TakenOverTool[] | undefined;
}

/**
 * Sends documents to the control plane, which takes all of them or none. What is wrong with the text itself is told
 * before anything is sent.
 */
export async function sendDocuments(
  session: Session,
  { filename, recursive = false }: FileOptions,
  { dryRun, takeOverFrom }: SendOptions,
): Promise<DocumentPlanView> {
  const files = await readFiles(session.world, filename, { recursive });
  const { documents, problems } = readDocuments(files, healthRuleProblems);
  if (problems.length > 0) throw new InputFault(problems);
  const sent = takeOverFrom ? takingOver(files, takeOverFrom) : files;
  const api = await session.api();
  session.progress.show(`sending ${counted(documents.length, 'document')} to ${api.server} …`);
  return sendOrder(api, operations.applyDocuments, { params: { project: api.project }, body: { files: sent, dryRun } });
}
