import { canonicalJson } from '@flotilla/foundation';
import type { ApplicationDocument } from './application.ts';
import { gateProblems, selfishGates } from './check-gates.ts';
import { renderProblems } from './check-render.ts';
import { templateProblems, type FieldProblem } from './check-templates.ts';
import { dependencyProblems } from './dependencies.ts';
import type { DocumentKey, DocumentKind, FleetDocument } from './document.ts';
import { documentId, documentKinds, documentTitle, keyOfDocument } from './document.ts';
import type { PipelineDocument } from './pipeline.ts';
import { referencesOf } from './references.ts';
import { notifierProblems } from './check-notifier.ts';
import { rolloutProblems } from './check-rollout.ts';

/**
 * Who may change a document: `apply` for documents that people send, or one configuration path in Git. A document has
 * one owner; the other is refused, and told who it is.
 */
export type DocumentOwner = string;

/** Who owns what people send by `flotilla apply` or through the API. */
export const applyOwner: DocumentOwner = 'apply';

/** A stored document and who may change it. */
export interface OwnedDocument {
  readonly document: FleetDocument;
  readonly owner: DocumentOwner;
}

/** What becomes of one document; one that is `unchanged` is listed as well, so that people see that it was read. */
export interface DocumentChange {
  readonly action: 'create' | 'update' | 'unchanged' | 'delete';
  readonly key: DocumentKey;
  readonly document: FleetDocument;
}

/** Something in the documents that must be mended before any of them takes effect. */
export interface DocumentProblem {
  readonly key: DocumentKey;
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The document that is named there and does not exist. */
  readonly missing?: DocumentKey;
}

/** Everything that would change. With problems in it, nothing may. */
export interface DocumentPlan {
  readonly changes: readonly DocumentChange[];
  readonly problems: readonly DocumentProblem[];
}

/** What is there, what comes in, and whose it is. */
export interface PlanDocumentsInput {
  /** Everything that is stored now. */
  readonly current: readonly OwnedDocument[];
  readonly incoming: readonly FleetDocument[];
  readonly owner: DocumentOwner;
  /** Whether documents of this owner that are missing from `incoming` are to be deleted, as Git means it. */
  readonly complete: boolean;
  /** Documents to delete by name. */
  readonly remove?: readonly DocumentKey[];
}

/** Says what would change, or why nothing may. Pure: the same function serves `plan`, `apply` and the configuration path. */
export function planDocuments(input: PlanDocumentsInput): DocumentPlan {
  const current = new Map(input.current.map((owned) => [documentId(keyOfDocument(owned.document)), owned]));
  const changes = [...incomingChanges(input, current), ...removals(input, current)];
  const after = new Map([...current].map(([id, { document }]) => [id, document]));
  for (const { action, key, document } of changes) {
    if (action === 'delete') after.delete(documentId(key));
    else after.set(documentId(key), document);
  }
  const problems = [
    ...repeated(input.incoming),
    ...foreign(changes, current, input.owner),
    ...dangling(changes, after),
    ...misfit(after),
    ...unheard(changes),
  ];
  return { changes: changes.toSorted(byKind), problems };
}

function incomingChanges(input: PlanDocumentsInput, current: ReadonlyMap<string, OwnedDocument>): DocumentChange[] {
  return input.incoming.map((document) => {
    const key = keyOfDocument(document);
    const stored = current.get(documentId(key));
    const same = stored && meaningOf(stored.document) === meaningOf(document);
    return { action: !stored ? 'create' : same ? 'unchanged' : 'update', key, document };
  });
}

/** Two documents that mean the same are equal: a project is its own project, and no labels are no labels. */
function meaningOf({ kind, spec, metadata }: FleetDocument): string {
  const { name, labels = {}, annotations = {} } = metadata;
  const project = kind === 'Project' ? name : metadata.project;
  return canonicalJson({ kind, spec, metadata: { name, project, labels, annotations } });
}

function removals(input: PlanDocumentsInput, current: ReadonlyMap<string, OwnedDocument>): DocumentChange[] {
  const kept = new Set(input.incoming.map((document) => documentId(keyOfDocument(document))));
  const named = new Set((input.remove ?? []).map(documentId));
  const gone = [...current].filter(
    ([id, { owner }]) => !kept.has(id) && (named.has(id) || (input.complete && owner === input.owner)),
  );
  return gone.map(([, { document }]) => ({ action: 'delete', key: keyOfDocument(document), document }));
}

function repeated(incoming: readonly FleetDocument[]): DocumentProblem[] {
  const seen = new Set<string>();
  return incoming.flatMap((document) => {
    const key = keyOfDocument(document);
    const first = !seen.has(documentId(key));
    seen.add(documentId(key));
    const message = `${documentTitle(key)} is given twice; keep one of them`;
    return first ? [] : [{ key, path: ['metadata', 'name'], message }];
  });
}

function foreign(
  changes: readonly DocumentChange[],
  current: ReadonlyMap<string, OwnedDocument>,
  owner: DocumentOwner,
): DocumentProblem[] {
  return changes.flatMap(({ action, key }) => {
    const holder = current.get(documentId(key))?.owner;
    if (action === 'unchanged' || holder === undefined || holder === owner) return [];
    return [{ key, path: [], message: `${documentTitle(key)} is owned by ${ownerTitle(holder)}; change it there` }];
  });
}

function dangling(changes: readonly DocumentChange[], after: ReadonlyMap<string, FleetDocument>): DocumentProblem[] {
  const removed = new Set(changes.filter(({ action }) => action === 'delete').map(({ key }) => documentId(key)));
  const changed = new Set(changes.filter(({ action }) => action !== 'unchanged').map(({ key }) => documentId(key)));
  return [...after.values()].flatMap((document) => {
    const key = keyOfDocument(document);
    return referencesOf(document).flatMap(({ to, path }): DocumentProblem[] => {
      if (after.has(documentId(to))) return [];
      if (removed.has(documentId(to))) {
        return [{ key: to, path: [], message: `${documentTitle(to)} is still used by ${documentTitle(key)}` }];
      }
      return changed.has(documentId(key))
        ? [{ key, path, message: `there is no ${documentTitle(to)}`, missing: to }]
        : [];
    });
  });
}

/** What documents cannot do together, however well each of them is made. */
function misfit(after: ReadonlyMap<string, FleetDocument>): DocumentProblem[] {
  return [...after.values()].flatMap((document) => {
    const key = keyOfDocument(document);
    if (document.kind === 'Pipeline' || document.kind === 'Environment')
      return gateProblems(document, after).map((problem) => ({ key, ...problem }));
    return document.kind === 'Application' ? misfitting(document, after).map((problem) => ({ key, ...problem })) : [];
  });
}

/** Asked of what is new only: what was taken once keeps nobody else's change from being taken. */
function unheard(changes: readonly DocumentChange[]): DocumentProblem[] {
  return changes.flatMap(({ action, key, document }) => {
    if (document.kind !== 'Notifier' || action === 'unchanged' || action === 'delete') return [];
    return notifierProblems(document).map((problem) => ({ key, ...problem }));
  });
}

/** What an application cannot do with its pipeline. */
function misfitting(application: ApplicationDocument, after: ReadonlyMap<string, FleetDocument>): FieldProblem[] {
  const { project } = application.metadata;
  const pipeline = after.get(documentId({ project, kind: 'Pipeline', name: application.spec.pipeline }));
  if (pipeline?.kind !== 'Pipeline') return [];
  const environments = pipeline.spec.stages.map(({ environment }) => environment);
  return [
    ...mistracked(application, pipeline),
    ...selfishGates(application, pipeline, after),
    ...templateProblems(application, environments),
    ...dependencyProblems(application, after),
    ...renderProblems(application, environments),
    ...rolloutProblems(application, after),
  ];
}

/** An application reads one repository; a stage that tracks another could never bring it anything. */
function mistracked(application: ApplicationDocument, pipeline: PipelineDocument): FieldProblem[] {
  const { repository } = application.spec.source;
  const other = pipeline.spec.stages.find(({ track }) => track && track.repository !== repository);
  if (!other?.track) return [];
  const message = `reads repository ${repository}, but stage ${other.environment} of pipeline ${pipeline.metadata.name} tracks ${other.track.repository}`;
  return [{ path: ['spec', 'source', 'repository'], message }];
}

/** An owner as a refusal names it, with the place to change the document instead. */
export function ownerTitle(owner: DocumentOwner): string {
  return owner === applyOwner ? 'apply (flotilla apply -f FILE)' : `the configuration path ${owner}`;
}

const kindOrder = new Map<DocumentKind, number>(documentKinds.map((kind, index) => [kind, index]));

/** Makers first, then users; deletions the other way round. */
function byKind(left: DocumentChange, right: DocumentChange): number {
  const [leftGone, rightGone] = [left.action === 'delete', right.action === 'delete'];
  if (leftGone !== rightGone) return leftGone ? 1 : -1;
  const order = kindOrder.get(left.key.kind)! - kindOrder.get(right.key.kind)!;
  return (leftGone ? -order : order) || documentId(left.key).localeCompare(documentId(right.key));
}
