import { before, found, type RetentionRule } from './sweep-table.ts';

const revisionsKept = 200;
/** News that nobody could be told for so long are no news; the ledger still has them. */
const noticesMs = 7 * 86_400_000;
const repairsMs = 90 * 86_400_000;

const repositoryIsGone = `NOT ${found('document', 'document.uid = old.repository')}`;

const sameRef = (table: string) => `${table}.repository = old.repository AND ${table}.ref = old.ref`;

/**
 * What `sources` writes. A revision goes once two hundred newer ones of its repository are known, its ref has moved on and
 * no release names it; a tree, once no revision is left for which it is the tree.
 */
export const sourcesRetention: readonly RetentionRule[] = [
  {
    table: 'revision',
    by: 'repository',
    atOnce: { values: 5, rows: 500 },
    removable: `(${repositoryIsGone}
      OR old.seen_at < (SELECT kept.seen_at FROM revision kept WHERE kept.repository = old.repository
          ORDER BY kept.seen_at DESC OFFSET ${revisionsKept - 1} LIMIT 1)
        AND ${found('revision later', `${sameRef('later')} AND later.seq > old.seq`)})
      AND NOT ${found('release', 'release.revision = old.commit')}`,
  },
  {
    table: 'path_tree',
    by: 'repository',
    atOnce: { values: 5, rows: 500 },
    removable: `${repositoryIsGone} OR EXISTS (
      SELECT FROM (SELECT later.seq FROM path_tree later WHERE ${sameRef('later')}
        AND later.path = old.path AND later.seq > old.seq ORDER BY later.seq LIMIT 1) next
      WHERE NOT ${found('revision', `${sameRef('revision')} AND revision.seq >= old.seq AND revision.seq < next.seq`)})`,
  },
  {
    table: 'repair',
    by: 'repository',
    removable: `${repositoryIsGone}
      OR old.state IN ('Pushed', 'Merged', 'Failed') AND old.updated_at < ${before(repairsMs)}`,
  },
  {
    table: 'notice',
    by: 'notifier',
    removable: `NOT ${found('document', 'document.uid = old.notifier')} OR old.at < ${before(noticesMs)}`,
  },
  { table: 'repository_look', by: 'repository', removable: repositoryIsGone },
];
