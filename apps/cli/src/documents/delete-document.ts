import { operations, type DocumentPlanView, type DocumentView, type OperationCall } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import type { ApplicationDocument } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { Noun } from '../nouns/noun.ts';
import { visible } from '../output/visible.ts';

type Plural = OperationCall<typeof operations.deleteDocument>['params']['plural'];

/** Deletes one document, or says what deleting it would do. */
export function deleteDocument(
  { client, project }: Api,
  { noun, name, dryRun }: { readonly noun: Noun; readonly name: string; readonly dryRun: boolean },
): Promise<DocumentPlanView> {
  const params = { project, plural: noun.plural as Plural, name };
  return client.call(operations.deleteDocument, { params, query: { dryRun: String(dryRun) } });
}

/** What a document reaches today: the targets that it has, and what becomes of what they run. Nothing when it has none. */
export function reachText({ kind, metadata, spec, status }: DocumentView): string | undefined {
  const total = status.counts?.total ?? 0;
  if (total === 0) return undefined;
  const targets = `${kind.toLowerCase()}/${visible(metadata.name)} has ${counted(total, 'target')}`;
  if (kind !== 'Application') return targets;
  const { onRemove } = (spec as ApplicationDocument['spec']).sync;
  const fate = onRemove === 'delete' ? 'their objects are deleted in the clusters' : 'their objects stay, and run on';
  return `${targets}: ${fate}`;
}
