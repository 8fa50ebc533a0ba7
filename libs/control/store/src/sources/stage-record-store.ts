import type { RecordEnd, RecordOrder, RecordOrders } from '@flotilla/control-sources';
import { shortCommit, systemActor, type RepositoryDocument } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { ownedDocument } from './document-store.ts';
import { endTry, type TriedTable } from './end-try.ts';

const records: TriedTable = {
  name: 'stage_record',
  wakes: { kind: 'plan', by: 'application' },
  isOpen: `state <> 'Written'`,
  keeps: 'commit = $5',
};

/** Records of what stages run, in PostgreSQL. */
export class StageRecordStore implements RecordOrders {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(uid: string): Promise<RecordOrder | undefined> {
    const [order] = await this.#store.query<Omit<RecordOrder, 'document'>>(
      `SELECT uid, project, application_name AS application, environment, release, revision, digest, repository, branch,
         path, cause, promoted_by AS "by", asked_at AS "askedAt", tries, failures,
         coalesce(extract(epoch FROM next_try - now()) * 1000, 0)::float8 AS "dueInMs"
       FROM stage_record WHERE uid = $1 AND ${records.isOpen}`,
      [uid],
    );
    if (!order) return undefined;
    const { project, repository: name } = order;
    const stored = await this.#store.manager.findOneBy(DocumentRow, { project, kind: 'Repository', name });
    const document = stored && (ownedDocument(stored).document as RepositoryDocument);
    return { ...order, ...(stored && document && { document: { uid: stored.uid, document } }) };
  }

  ended(order: RecordOrder, end: RecordEnd): Promise<void> {
    const { state, reason, commit, againInMs } = { reason: null, commit: null, againInMs: null, ...end };
    return this.#store.transact(async (transaction) => {
      const isNews = await endTry(transaction, records, {
        tried: order,
        end: { state, reason, againInMs, kept: commit },
      });
      if (isNews) recordNews(transaction, order, end);
    });
  }
}

function recordNews(transaction: Transaction, order: RecordOrder, end: RecordEnd): void {
  const { project, application, environment, revision, repository, branch, path, cause } = order;
  const where = `${cause === 'promotion' ? 'before' : 'in'} ${environment}`;
  const what = `${application} ${shortCommit(revision)} ${where}: ${path} on ${branch} of ${repository}`;
  transaction.record({
    project,
    actor: systemActor('sources'),
    action: end.state === 'Written' ? 'record.write' : 'record.fail',
    subject: `Application ${project}/${application}`,
    message: end.state === 'Written' ? `${what} says so at ${shortCommit(end.commit)}` : `${what}: ${end.reason}`,
  });
}
