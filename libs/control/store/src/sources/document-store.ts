import type { LedgerEvent } from '@flotilla/control-access';
import type { ChangeDocuments, Documents, StoredDocument } from '@flotilla/control-sources';
import {
  actorText,
  documentApiVersion,
  documentTitle,
  type Actor,
  type DocumentChange,
  type DocumentPlan,
  type FleetDocument,
  type OwnedDocument,
} from '@flotilla/model';
import { RepositoryLookRow } from '../rows/revision.row.ts';
import { DocumentRow } from '../rows/document.row.ts';
import { RemovalOrderRow } from '../rows/target.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { markAffected } from './mark-affected.ts';

/** Documents in PostgreSQL. */
export class DocumentStore implements Documents {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async all(project: string): Promise<readonly OwnedDocument[]> {
    const rows = await this.#store.manager.findBy(DocumentRow, { project });
    return rows.map(ownedDocument);
  }

  change(options: ChangeDocuments): Promise<DocumentPlan> {
    const { project, by, decide, configuredBy } = options;
    return this.#store.transact(async (transaction) => {
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('documents/' || $1, 0))`, [project]);
      const rows = await transaction.manager.findBy(DocumentRow, { project });
      const plan = decide(rows.map(ownedDocument));
      if (plan.problems.length > 0) return plan;
      const uids = new Map(rows.map((row) => [`${row.kind}/${row.name}`, row]));
      for (const change of plan.changes) {
        const { action, key } = change;
        if (action === 'unchanged') continue;
        await this.#write(transaction, { change, options, stored: uids.get(`${key.kind}/${key.name}`) });
        transaction.record({ project, actor: by, ...ledgerLine(action, change) });
      }
      if (configuredBy)
        await transaction.manager.upsert(RepositoryLookRow, configuredRow(configuredBy), ['repository']);
      const after = await transaction.manager.findBy(DocumentRow, { project });
      const changed = { changes: plan.changes, before: rows.map(storedDocument), after: after.map(storedDocument) };
      await markAffected(transaction, { project, changed, now: this.#store.now() });
      return plan;
    });
  }

  async #write(
    transaction: Transaction,
    write: { change: DocumentChange; options: ChangeDocuments; stored: DocumentRow | undefined },
  ): Promise<void> {
    const { change, options, stored } = write;
    const { key, document, action } = change;
    const uid = stored?.uid ?? this.#store.ids.next();
    transaction.changed('document', options.project, [uid]);
    if (action === 'delete') {
      await transaction.manager.delete(DocumentRow, { uid });
      if (key.kind === 'Application') await this.#orderRemoval(transaction, uid, options.by);
      return;
    }
    const now = this.#store.now();
    await transaction.manager.upsert(
      DocumentRow,
      {
        uid,
        ...key,
        spec: document.spec as Record<string, never>,
        labels: document.metadata.labels ?? {},
        annotations: document.metadata.annotations ?? {},
        owner: options.owner,
        changedBy: actorText(options.by),
        generation: (stored?.generation ?? 0) + 1,
        createdAt: stored?.createdAt ?? now,
        updatedAt: now,
      },
      ['uid'],
    );
  }

  /** A person was told what goes with the application, and said yes. A commit that no longer holds it says nothing of the kind. */
  async #orderRemoval(transaction: Transaction, application: string, by: Actor): Promise<void> {
    if (by.kind !== 'user') return;
    await transaction.manager.insert(RemovalOrderRow, { application, actor: actorText(by), at: this.#store.now() });
  }
}

/** What became of a document. A freeze is more than a text: who set it, changed it or lifted it is told as that. */
function ledgerLine(
  action: Exclude<DocumentChange['action'], 'unchanged'>,
  { key, document }: DocumentChange,
): Pick<LedgerEvent, 'action' | 'subject' | 'message'> {
  const subject = documentTitle(key);
  if (document.kind !== 'Freeze') return { action: `document.${action}`, subject, message: `${subject} ${action}d` };
  const { scope, reason, until } = document.spec;
  const word = { create: 'set', update: 'change', delete: 'lift' } as const;
  const message = action === 'delete' ? `lifted; it said: ${reason}` : `${scope} until ${until}: ${reason}`;
  return { action: `freeze.${word[action]}`, subject, message };
}

function configuredRow({ repository, state }: { repository: string; state: string }): RepositoryLookRow {
  return { repository, configured: state };
}

export function ownedDocument(row: DocumentRow): OwnedDocument {
  const { kind, name, project, spec, labels, annotations, owner } = row;
  const metadata = {
    name,
    project,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  // What is stored was checked when it came in.
  return { document: { apiVersion: documentApiVersion, kind, metadata, spec } as FleetDocument, owner };
}

export function storedDocument(row: DocumentRow): StoredDocument {
  return { uid: row.uid, document: ownedDocument(row).document };
}
