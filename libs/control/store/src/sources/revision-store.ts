import {
  readersOf,
  type PathReader,
  type RevisionObserved,
  type Revisions,
  type TrackedRef,
  type WatchedRepository,
} from '@flotilla/control-sources';
import { isoTime } from '@flotilla/foundation';
import type { RepositoryDocument } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import { RepositoryLookRow } from '../rows/revision.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { ownedDocument, storedDocument } from './document-store.ts';

/** Revisions and path trees in PostgreSQL. */
export class RevisionStore implements Revisions {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async watched(repository: string): Promise<WatchedRepository | undefined> {
    const row = await this.#store.manager.findOneBy(DocumentRow, { uid: repository, kind: 'Repository' });
    if (!row) return undefined;
    const [readers, look] = await Promise.all([
      this.#readers(row),
      this.#store.manager.findOneBy(RepositoryLookRow, { repository }),
    ]);
    return {
      uid: repository,
      document: ownedDocument(row).document as RepositoryDocument,
      readers,
      refs: await this.#refs(repository, readers),
      ...(look?.configured && { configured: look.configured }),
    };
  }

  record(observed: RevisionObserved): Promise<readonly string[]> {
    return this.#store.transact(async (transaction) => {
      const { repository, ref, readers } = observed;
      // One look at a ref at a time, and none at a repository that is being deleted.
      const [owner] = await transaction.query<{ project: string }>(
        `SELECT project, pg_advisory_xact_lock(hashtextextended($2, 0)) FROM document WHERE uid = $1 FOR SHARE`,
        [repository, `${repository}/${ref}`],
      );
      if (!owner) return [];
      const seq = await this.#observe(transaction, observed, owner.project);
      const changed = await changedPaths(transaction, { repository, ref, seq, trees: observed.trees });
      const affected = readers.filter(({ paths }) => paths.some((path) => changed.has(path)));
      const applications = [...new Set(affected.map(({ application }) => application))];
      transaction.mark('plan', applications);
      transaction.changed('document', owner.project, [repository]);
      return applications;
    });
  }

  async #readers({ project, name }: DocumentRow): Promise<PathReader[]> {
    const rows = await this.#store.query<DocumentRow>(
      `SELECT * FROM document WHERE project = $1
       AND (kind = 'Pipeline' OR kind = 'Application' AND spec -> 'source' ->> 'repository' = $2)`,
      [project, name],
    );
    return readersOf(name, rows.map(storedDocument));
  }

  /** Where each ref that anybody reads was last seen, and which of the paths read there are known. */
  async #refs(repository: string, readers: readonly PathReader[]): Promise<TrackedRef[]> {
    const refs = [...new Set(readers.map(({ ref }) => ref))];
    const asked = readers.flatMap(({ ref, paths }) => paths.map((path) => ({ ref, path })));
    const [heads, paths] = await Promise.all([
      this.#store.query<{ ref: string; commit: string }>(
        `SELECT asked.ref, head.commit FROM unnest($2::text[]) AS asked (ref) CROSS JOIN LATERAL (
           SELECT commit FROM revision WHERE repository = $1 AND revision.ref = asked.ref ORDER BY seq DESC LIMIT 1) head`,
        [repository, refs],
      ),
      this.#store.query<{ ref: string; path: string }>(
        `SELECT DISTINCT ref, path FROM unnest($2::text[], $3::text[]) AS asked (ref, path) WHERE EXISTS (
           SELECT FROM path_tree known WHERE known.repository = $1 AND known.ref = asked.ref AND known.path = asked.path)`,
        [repository, asked.map(({ ref }) => ref), asked.map(({ path }) => path)],
      ),
    ]);
    return refs.map((ref) => {
      const head = heads.find((candidate) => candidate.ref === ref);
      const known = new Set(paths.filter((row) => row.ref === ref).map(({ path }) => path));
      return { ref, known, ...(head && { commit: head.commit }) };
    });
  }

  /** Writes where the ref points and returns the place of that in the ref's history. */
  async #observe(transaction: Transaction, observed: RevisionObserved, project: string): Promise<number> {
    const { repository, ref, commit } = observed;
    const [head] = await transaction.query<{ commit: string; seq: number }>(
      `SELECT commit, seq FROM revision WHERE repository = $1 AND ref = $2 ORDER BY seq DESC LIMIT 1`,
      [repository, ref],
    );
    if (head?.commit === commit.id) return head.seq;
    const seq = (head?.seq ?? 0) + 1;
    const [subject = ''] = commit.message.split('\n', 1);
    await transaction.query(
      `INSERT INTO revision (repository, ref, commit, project, seq, author, author_email, subject, committed_at, seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
       ON CONFLICT (repository, ref, commit) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at`,
      [
        repository,
        ref,
        commit.id,
        project,
        seq,
        commit.author.name.slice(0, 200),
        commit.author.email.slice(0, 320),
        subject.slice(0, 500),
        isoTime(commit.author.at),
      ],
    );
    return seq;
  }
}

interface SeenTrees {
  readonly repository: string;
  readonly ref: string;
  readonly seq: number;
  readonly trees: ReadonlyMap<string, string | undefined>;
}

/**
 * Stores the trees that differ from what was known, and returns their paths. A path that nobody reads any more is not
 * looked at with the next commit, so what is known of it grows old: it is forgotten, and whoever reads it again has to
 * find out anew.
 */
async function changedPaths(transaction: Transaction, seen: SeenTrees): Promise<Set<string>> {
  const rows = [...seen.trees].map(([path, tree]) => ({ path, tree: tree ?? null }));
  const changed = await transaction.query<{ path: string }>(
    `WITH forgotten AS (
       DELETE FROM path_tree WHERE repository = $1 AND ref = $2 AND path <> ALL($5))
     INSERT INTO path_tree (repository, ref, path, seq, tree)
     SELECT $1, $2, seen.path, $3, seen.tree FROM jsonb_to_recordset($4) AS seen (path text, tree text)
     WHERE NOT EXISTS (
       SELECT FROM (SELECT tree FROM path_tree known WHERE known.repository = $1 AND known.ref = $2
                    AND known.path = seen.path ORDER BY seq DESC LIMIT 1) last
       WHERE last.tree IS NOT DISTINCT FROM seen.tree)
     ON CONFLICT (repository, ref, path, seq) DO UPDATE SET tree = excluded.tree
     RETURNING path`,
    [seen.repository, seen.ref, seen.seq, JSON.stringify(rows), [...seen.trees.keys()]],
  );
  return new Set(changed.map(({ path }) => path));
}
