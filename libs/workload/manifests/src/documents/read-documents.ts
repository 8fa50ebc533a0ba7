import { nearest } from '@flotilla/foundation';
import {
  defaultProject,
  documentApiVersion,
  documentKinds,
  documentSchemas,
  documentTitle,
  groupOf,
  type DocumentKind,
  type FleetDocument,
} from '@flotilla/model';
import { parseYaml, type YamlDocument } from '../yaml/parse-yaml.ts';
import { problemAt } from '../yaml/problem-at.ts';
import type { SourceProblem, ValuePath } from '../yaml/source-problem.ts';
import { problemsOf } from './schema-problems.ts';

/** A file as somebody wrote it. */
export interface DocumentFile {
  readonly file: string;
  readonly text: string;
}

/** A document, and where in its file it stands. */
export interface ReadDocument {
  readonly document: FleetDocument;
  readonly file: string;
  /** Where it was read from: `problemAt` and `positionOf` tell the place of any of its fields. */
  readonly source: YamlDocument;
}

/** What could be read, and everything that could not, with its place. */
export interface ReadDocuments {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly SourceProblem[];
}

/** Says what is wrong with a document beyond what its schema knows. */
export type DocumentCheck = (document: FleetDocument) => readonly { path: ValuePath; message: string }[];

/**
 * Reads authored Flotilla documents and reports everything that is wrong with them, each with file, line and column:
 * a typing slip in one document does not hide what is wrong with the next. What is returned has its defaults filled in.
 */
export function readDocuments(files: readonly DocumentFile[], check: DocumentCheck = () => []): ReadDocuments {
  const documents: ReadDocument[] = [];
  const problems: SourceProblem[] = [];
  for (const { file, text } of files) {
    const parsed = parseYaml(text, { file });
    problems.push(...parsed.problems);
    if (holdsNothing(text, parsed)) problems.push({ file, message: 'holds no document' });
    for (const source of parsed.documents) {
      const found = readDocument(source, check);
      if ('document' in found) documents.push({ document: found.document, file, source });
      else problems.push(...found.problems);
    }
  }
  return { documents, problems };
}

/** A file of comments is somebody's note; one without even that is probably a mistake. */
function holdsNothing(text: string, { documents, problems }: ReturnType<typeof parseYaml>): boolean {
  return documents.length === 0 && problems.length === 0 && !/^[ \t]*#/m.test(text);
}

type Found = { readonly document: FleetDocument } | { readonly problems: readonly SourceProblem[] };

function readDocument(source: YamlDocument, check: DocumentCheck): Found {
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [problemAt(source, [], 'a document begins with apiVersion and kind')] };
  }
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const foreign = typeof apiVersion === 'string' && groupOf(apiVersion) !== groupOf(documentApiVersion);
  if (foreign) return { problems: [problemAt(source, ['apiVersion'], `must be ${documentApiVersion}`)] };
  if (!isDocumentKind(kind)) return { problems: [problemAt(source, ['kind'], unknownKind(kind))] };
  const unkeepable = findUnkeepable(value);
  if (unkeepable) return { problems: [problemAt(source, unkeepable, 'holds a character that no record can keep')] };
  const title = titleOf(kind, value);
  const read = documentSchemas[kind].safeParse(value);
  if (!read.success) return { problems: problemsOf({ kind, source, title }, read.error.issues) };
  const problems = check(read.data).map(({ path, message }) => problemAt(source, path, message, title));
  return problems.length > 0 ? { problems } : { document: read.data };
}

/**
 * Where a text holds the character zero or half a character. YAML can write both as escapes; PostgreSQL keeps neither,
 * and would refuse all that is written with it.
 */
function findUnkeepable(value: unknown, path: ValuePath = []): ValuePath | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found =
      findUnkeepable(key, path) ?? findUnkeepable(child, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

function isDocumentKind(kind: unknown): kind is DocumentKind {
  return documentKinds.includes(kind as DocumentKind);
}

function unknownKind(kind: unknown): string {
  if (kind === undefined) return `is missing; it is one of ${documentKinds.join(', ')}`;
  const meant = typeof kind === 'string' ? nearest(kind, documentKinds) : undefined;
  return meant ? `is not known; did you mean ${meant}?` : `is not known; it is one of ${documentKinds.join(', ')}`;
}

function titleOf(kind: DocumentKind, value: object): string | undefined {
  const { metadata } = value as { readonly metadata?: { readonly name?: unknown; readonly project?: unknown } | null };
  if (typeof metadata?.name !== 'string') return undefined;
  const project = typeof metadata.project === 'string' ? metadata.project : defaultProject;
  return documentTitle({ kind, project, name: metadata.name });
}
