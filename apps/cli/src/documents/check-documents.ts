import {
  applyOwner,
  documentId,
  documentTitle,
  keyOfDocument,
  planDocuments,
  referencesOf,
  type DocumentProblem,
} from '@flotilla/model';
import { healthRuleProblems } from '@flotilla/workload-health';
import { problemAt, readDocuments, type ReadDocument, type SourceProblem } from '@flotilla/workload-manifests';
import type { TextFile } from '../files/read-files.ts';

export interface CheckedDocuments {
  readonly documents: readonly ReadDocument[];
  /** What has to be mended. */
  readonly problems: readonly SourceProblem[];
  /** References to what is not in these files: only the control plane knows whether it is there. */
  readonly open: readonly SourceProblem[];
}

/** Everything that can be said about documents without a control plane. */
export function checkDocuments(files: readonly TextFile[]): CheckedDocuments {
  const { documents, problems } = readDocuments(files, healthRuleProblems);
  const incoming = documents.map(({ document }) => document);
  const planned = planDocuments({ current: [], incoming, owner: applyOwner, complete: false });
  const isOpen = dangling(documents);
  const located = (problem: DocumentProblem) => locate(documents, problem);
  return {
    documents,
    problems: [...problems, ...planned.problems.filter((problem) => !isOpen(problem)).map(located)],
    open: planned.problems.filter(isOpen).map(located),
  };
}

/** Tells the problems that may be none, because the thing that is referred to may exist already. */
function dangling(documents: readonly ReadDocument[]): (problem: DocumentProblem) => boolean {
  const here = new Set(documents.map(({ document }) => documentId(keyOfDocument(document))));
  const places = documents.flatMap(({ document }) =>
    referencesOf(document)
      .filter(({ to }) => !here.has(documentId(to)))
      .map(({ path, to }) => placeOf({ key: keyOfDocument(document), path }, `there is no ${documentTitle(to)}`)),
  );
  const known = new Set(places);
  return (problem) => known.has(placeOf(problem, problem.message));
}

function placeOf({ key, path }: Pick<DocumentProblem, 'key' | 'path'>, message: string): string {
  return JSON.stringify([documentId(key), path, message]);
}

function locate(documents: readonly ReadDocument[], { key, path, message }: DocumentProblem): SourceProblem {
  const title = documentTitle(key);
  const written = documents.findLast(({ document }) => documentId(keyOfDocument(document)) === documentId(key));
  return written ? problemAt(written.source, path, message, title) : { file: '', message, document: title };
}
