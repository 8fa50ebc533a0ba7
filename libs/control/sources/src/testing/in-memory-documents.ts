import type { Ids } from '@flotilla/foundation';
import {
  documentId,
  keyOfDocument,
  type DocumentChange,
  type DocumentKey,
  type DocumentPlan,
  type OwnedDocument,
  type WorkKind,
} from '@flotilla/model';
import { affectedBy } from '../affected-by.ts';
import type { ChangeDocuments, Documents, StoredDocument } from '../documents.port.ts';

/** Told what has to be looked at next, as the work table would be. */
export type Mark = (kind: WorkKind, keys: readonly string[]) => void;

interface Row extends StoredDocument, OwnedDocument {}

/** Documents in memory. A change runs to its end without a pause, so it is a transaction. */
export class InMemoryDocuments implements Documents {
  readonly #ids: Ids;
  readonly #mark: Mark;
  readonly #rows = new Map<string, Row>();
  readonly #configured = new Map<string, string>();

  constructor({ ids, mark = () => undefined }: { ids: Ids; mark?: Mark }) {
    this.#ids = ids;
    this.#mark = mark;
  }

  async all(project: string): Promise<readonly OwnedDocument[]> {
    return this.stored(project).map(({ document, owner }) => ({ document, owner }));
  }

  async change(options: ChangeDocuments): Promise<DocumentPlan> {
    const { project, owner, decide, configuredBy } = options;
    const before = this.stored(project);
    const plan = decide(before.map(({ document, owner: holder }) => ({ document, owner: holder })));
    if (plan.problems.length > 0) return plan;
    for (const change of plan.changes) this.#write(change, owner);
    if (configuredBy) this.#configured.set(configuredBy.repository, configuredBy.state);
    if (plan.changes.some(({ action }) => action !== 'unchanged')) {
      const affected = affectedBy({ changes: plan.changes, before, after: this.stored(project) });
      this.#mark('plan', affected.applications);
      this.#mark('repository', affected.repositories);
      this.#mark('count', [project]);
    }
    return plan;
  }

  stored(project: string): readonly Row[] {
    return [...this.#rows.values()].filter(({ document }) => keyOfDocument(document).project === project);
  }

  byUid(uid: string): StoredDocument | undefined {
    return [...this.#rows.values()].find((row) => row.uid === uid);
  }

  byKey(key: DocumentKey): StoredDocument | undefined {
    return this.#rows.get(documentId(key));
  }

  /** The commit and path whose documents took effect last. */
  configured(repository: string): string | undefined {
    return this.#configured.get(repository);
  }

  #write({ action, key, document }: DocumentChange, owner: string): void {
    const id = documentId(key);
    if (action === 'delete') this.#rows.delete(id);
    if (action === 'create' || action === 'update') {
      this.#rows.set(id, { uid: this.#rows.get(id)?.uid ?? this.#ids.next(), document, owner });
    }
  }
}
