import {
  documentId,
  documentTitle,
  keyOfDocument,
  planDocuments,
  type DocumentOwner,
  type DocumentPlan,
  type DocumentProblem,
  type OwnedDocument,
} from '@flotilla/model';
import { problemAt, type ReadDocuments, type SourceProblem } from '@flotilla/workload-manifests';

/** Documents that were read, and everything that stands in their way, each thing with its place in its file. */
export interface ReadPlan {
  readonly plan: DocumentPlan;
  readonly problems: readonly SourceProblem[];
}

export interface ReadPlanOptions {
  readonly reading: ReadDocuments;
  readonly current: readonly OwnedDocument[];
  readonly project: string;
  readonly owner: DocumentOwner;
  /** Whether documents of this owner that are not among these are to be deleted. */
  readonly complete: boolean;
}

/** Says what documents would change in one project, and what is wrong with them, without changing anything. */
export function planReading({ reading, current, project, owner, complete }: ReadPlanOptions): ReadPlan {
  const incoming = reading.documents.map(({ document }) => document);
  const plan = planDocuments({ current, incoming, owner, complete });
  const strangers = reading.documents.filter(({ document }) => keyOfDocument(document).project !== project);
  const problems = [
    ...reading.problems,
    ...strangers.map(({ source, document }) =>
      problemAt(
        source,
        ['metadata', 'project'],
        `must be ${project}: documents are taken in one project at a time`,
        titleOf(document),
      ),
    ),
    ...plan.problems.filter(isOwnProblem(reading)).map((problem) => located(reading, problem)),
  ];
  return { plan, problems };
}

/** One mistake is one problem: a document that is there but could not be read is not missing as well. */
function isOwnProblem(reading: ReadDocuments): (problem: DocumentProblem) => boolean {
  const unread = new Set(reading.problems.map(({ document }) => document));
  return ({ missing }) => !missing || !unread.has(documentTitle(missing));
}

function located(reading: ReadDocuments, { key, path, message }: DocumentProblem): SourceProblem {
  const written = reading.documents.findLast(({ document }) => documentId(keyOfDocument(document)) === documentId(key));
  if (!written) return { file: '', message, document: documentTitle(key) };
  return problemAt(written.source, path, message, documentTitle(key));
}

function titleOf(document: Parameters<typeof keyOfDocument>[0]): string {
  return documentTitle(keyOfDocument(document));
}
