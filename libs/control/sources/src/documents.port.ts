import type { Actor, DocumentOwner, DocumentPlan, FleetDocument, OwnedDocument } from '@flotilla/model';

/** A document by the identity that the record gave it. A document that is deleted and made again is another one. */
export interface StoredDocument {
  readonly uid: string;
  readonly document: FleetDocument;
}

/** The stored documents of all kinds. */
export interface Documents {
  /** Everything in a project. */
  all(project: string): Promise<readonly OwnedDocument[]>;
  /**
   * Reads a project, lets `decide` say what changes, and writes that, in one transaction that no other change of the
   * project can cross. A plan with problems writes nothing. Work that follows is marked in the same transaction.
   */
  change(options: ChangeDocuments): Promise<DocumentPlan>;
}

/** A change of a project's documents: who makes it, and who decides what it is. */
export interface ChangeDocuments {
  readonly project: string;
  readonly by: Actor;
  /** Whose documents the created and changed ones become. */
  readonly owner: DocumentOwner;
  readonly decide: (current: readonly OwnedDocument[]) => DocumentPlan;
  /** The commit and path that a configuration took effect from. */
  readonly configuredBy?: { readonly repository: string; readonly state: string };
}
