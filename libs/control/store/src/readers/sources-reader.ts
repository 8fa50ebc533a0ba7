import type { DocumentRecord, Repair, RevisionRecord, SourcesReader } from '@flotilla/control-sources';
import {
  defaultProject,
  type BlastRadius,
  type DocumentKind,
  type FreezeDocument,
  type Labels,
  type Page,
  type PageRequest,
} from '@flotilla/model';
import type { DocumentRow } from '../rows/document.row.ts';
import type { WorkError } from '../rows/work.row.ts';
import { ownedDocument } from '../sources/document-store.ts';
import { repairColumns, repairOf, type RepairReading } from '../sources/read-repair.ts';
import type { Store } from '../store.ts';
import { readFreezeBlast } from './freeze-blast.ts';
import { freezeFigures, freezeStanding, type FreezeFigures } from './freeze-standing.ts';
import { pageOfRows, readCursor } from './keyset.ts';

type DocumentReading = Omit<DocumentRow, 'createdAt' | 'changedBy'> & {
  readonly changed_by: string;
  readonly freeze: FreezeFigures | null;
  readonly created_at: Date;
  readonly error: WorkError | null;
  readonly refs: { ref: string; commit: string; seenAt: string }[] | null;
};

/** Documents, revisions and repairs, read from PostgreSQL. */
export class StoredSources implements SourcesReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async projects(): Promise<readonly string[]> {
    const rows = await this.#store.query<{ project: string }>(
      `SELECT DISTINCT project FROM (SELECT project FROM document UNION SELECT project FROM cluster) AS named ORDER BY project`,
    );
    return [...new Set([defaultProject, ...rows.map(({ project }) => project)])];
  }

  async documents(query: {
    project: string;
    kind: DocumentKind;
    page: PageRequest;
    matches?: (labels: Labels) => boolean;
  }): Promise<Page<DocumentRecord>> {
    const { project, kind, page, matches } = query;
    const [after] = readCursor(page, ['text']);
    const rows = await this.#store.query<DocumentReading>(
      `${documentSelect} WHERE document.project = $1 AND document.kind = $2 AND ($3::text IS NULL OR name > $3)
       ORDER BY name ${matches ? '' : `LIMIT ${page.limit + 1}`}`,
      [project, kind, after],
    );
    const chosen = matches ? rows.filter(({ labels }) => matches(labels)) : rows;
    const item = (row: DocumentReading) => documentRecord(row, this.#store.now());
    return pageOfRows(chosen, page.limit, { item, key: (row) => [row.name] });
  }

  async document(project: string, kind: DocumentKind, name: string): Promise<DocumentRecord | undefined> {
    const [row] = await this.#store.query<DocumentReading>(
      `${documentSelect} WHERE document.project = $1 AND document.kind = $2 AND name = $3`,
      [project, kind, name],
    );
    return row && documentRecord(row, this.#store.now());
  }

  freezeBlast(project: string, freeze: FreezeDocument['spec']): Promise<BlastRadius> {
    return readFreezeBlast(this.#store, project, freeze);
  }

  async revisions(query: {
    project: string;
    repository?: string | undefined;
    page: PageRequest;
  }): Promise<Page<RevisionRecord>> {
    const { project, repository, page } = query;
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<RevisionRecord & { cursor: string }>(
      `SELECT repository || '/' || commit AS uid, revision.project, document.name AS repository, ref, commit, author, subject,
         committed_at AS "committedAt", seen_at AS "seenAt", seen_at::text AS cursor
       FROM revision JOIN document ON document.uid = repository
       WHERE revision.project = $1 AND ($2::text IS NULL OR document.name = $2)
         AND ($3::timestamptz IS NULL OR (seen_at, commit) < ($3, $4))
       ORDER BY seen_at DESC, commit DESC LIMIT $5`,
      [project, repository ?? null, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, {
      item: ({ cursor: _, ...row }) => row,
      key: (row) => [row.cursor, row.commit],
    });
  }

  async repairs(query: { project: string; repository?: string | undefined; page: PageRequest }): Promise<Page<Repair>> {
    const { project, repository, page } = query;
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<RepairReading & { cursor: string }>(
      `SELECT ${repairColumns}, repair.created_at::text AS cursor FROM repair JOIN document ON document.uid = repository
       WHERE repair.project = $1 AND ($2::text IS NULL OR document.name = $2)
         AND ($3::timestamptz IS NULL OR (repair.created_at, repair.uid) < ($3, $4))
       ORDER BY repair.created_at DESC, repair.uid DESC LIMIT $5`,
      [project, repository ?? null, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, {
      item: ({ cursor: _, ...row }) => repairOf(row),
      key: (row) => [row.cursor, row.uid],
    });
  }
}

/** Why the repository of an application cannot be read: what is wrong with an application that has come nowhere yet. */
const unreadRepository = `
  SELECT look.error FROM document repository JOIN work look ON look.kind = 'repository' AND look.key = repository.uid
  WHERE document.kind = 'Application' AND NOT EXISTS (SELECT FROM target WHERE target.application = document.uid)
    AND repository.project = document.project AND repository.kind = 'Repository'
    AND repository.name = document.spec -> 'source' ->> 'repository'`;

/** With the error of the work that follows from the document, and where a repository's refs were last seen. */
const documentSelect = `
  SELECT document.*, coalesce(work.error, (${unreadRepository})) AS error,
    CASE WHEN document.kind = 'Repository' THEN
      (SELECT jsonb_agg(jsonb_build_object('ref', ref, 'commit', commit, 'seenAt', seen_at) ORDER BY ref)
       FROM (SELECT DISTINCT ON (ref) ref, commit, seen_at FROM revision WHERE repository = document.uid
             ORDER BY ref, seq DESC) AS head) END AS refs,
    CASE WHEN document.kind = 'Freeze' THEN (${freezeFigures}) END AS freeze
  FROM document LEFT JOIN work ON work.key = document.uid
    AND work.kind = CASE document.kind WHEN 'Repository' THEN 'repository' WHEN 'Application' THEN 'plan' WHEN 'Notifier' THEN 'notify' END`;

function documentRecord(row: DocumentReading, now: Date): DocumentRecord {
  const { spec, changed_by: by, created_at: since, freeze } = row;
  return {
    ...ownedDocument(row as unknown as DocumentRow),
    uid: row.uid,
    generation: row.generation,
    createdAt: row.created_at,
    ...(row.error && { problem: { code: row.error.reason, message: row.error.message } }),
    ...(freeze && { freeze: freezeStanding({ spec, by, since }, freeze, now) }),
    ...(row.refs && { refs: row.refs.map(({ ref, commit, seenAt }) => ({ ref, commit, seenAt: new Date(seenAt) })) }),
  };
}
