import type { Repair, RepairProgress, Repairs, StoredRepository } from '@flotilla/control-sources';
import { shortCommit, type RepairState, type RepositoryDocument, type LedgerAction } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import { RepairRow } from '../rows/repair.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { ownedDocument } from './document-store.ts';
import { repairColumns, repairOf, type RepairReading } from './read-repair.ts';

/** Repairs in PostgreSQL. */
export class RepairStore implements Repairs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(uid: string): Promise<{ repair: Repair; repository: StoredRepository } | undefined> {
    const [row] = await this.#store.query<RepairReading & { repository_uid: string }>(
      `SELECT ${repairColumns}, document.uid AS repository_uid
       FROM repair JOIN document ON document.uid = repository WHERE repair.uid = $1`,
      [uid],
    );
    if (!row) return undefined;
    const { repository_uid: of, ...reading } = row;
    const stored = await this.#store.manager.findOneBy(DocumentRow, { uid: of });
    if (!stored) return undefined;
    const document = ownedDocument(stored).document as RepositoryDocument;
    return { repair: repairOf(reading), repository: { uid: of, document } };
  }

  async begin(uid: string): Promise<void> {
    await this.#store.query(
      `UPDATE repair SET attempts = attempts + 1, updated_at = now(),
         state = CASE state WHEN 'Waiting' THEN 'Writing' ELSE state END WHERE uid = $1`,
      [uid],
    );
  }

  progress(repair: Repair, progress: RepairProgress): Promise<void> {
    return this.#store.transact(async (transaction) => {
      const [before] = await transaction.query<{ state: RepairState }>(
        `SELECT state FROM repair WHERE uid = $1 FOR UPDATE`,
        [repair.uid],
      );
      if (!before) return;
      const { state, revert, url, conflicts, error } = progress;
      await transaction.manager.update(
        RepairRow,
        { uid: repair.uid },
        {
          state,
          revert: revert ?? null,
          url: url ?? null,
          conflicts: [...(conflicts ?? [])],
          error: error ?? null,
          updatedAt: this.#store.now(),
        },
      );
      if (before.state !== state) recordNews(transaction, repair, progress);
    });
  }
}

/** Only what is news to people: that it waits, or is being written, is not. */
const actions: Readonly<Partial<Record<RepairState, LedgerAction>>> = {
  Pushed: 'repair.push',
  PullRequestOpen: 'repair.open',
  Merged: 'repair.merge',
  Conflict: 'repair.fail',
  Failed: 'repair.fail',
};

function recordNews(transaction: Transaction, repair: Repair, progress: RepairProgress): void {
  const action = actions[progress.state];
  if (!action) return;
  const { project, actor, repository, branch } = repair;
  const subject = `Repository ${project}/${repository}`;
  transaction.record({ project, actor, action, subject, message: newsOf(branch, repair, progress) });
}

function newsOf(branch: string, { goodRevision, reason }: Repair, progress: RepairProgress): string {
  const { state, revert, url, error, conflicts = [] } = progress;
  const what = `${branch} back to ${shortCommit(goodRevision)}`;
  switch (state) {
    case 'Pushed':
      return `${what} by ${shortCommit(revert ?? '')}: ${reason}`;
    case 'PullRequestOpen':
      return conflicts.length > 0 ? `${what}: ${url}, with ${conflicts.length} conflicts` : `${what}: ${url}`;
    case 'Merged':
      return `${what}: done in Git`;
    default:
      return `${what}: ${error?.message ?? state}`;
  }
}
