import type {
  BlastRadius,
  DocumentKind,
  FreezeDocument,
  FreezeState,
  Labels,
  OwnedDocument,
  Page,
  PageRequest,
  Reason,
} from '@flotilla/model';
import type { Repair } from './repair/repairs.port.ts';

/** A stored document with what the system knows of it. */
export interface DocumentRecord extends OwnedDocument {
  readonly uid: string;
  readonly generation: number;
  readonly createdAt: Date;
  /** Why nothing moves: the last error of the work that follows from this document. */
  readonly problem?: Reason;
  /** Of a repository: where its tracked refs were last seen. */
  readonly refs?: readonly { readonly ref: string; readonly commit: string; readonly seenAt: Date }[];
  readonly freeze?: FreezeStanding;
}

/** What became of a freeze. */
export interface FreezeStanding {
  readonly state: FreezeState;
  readonly by: string;
  readonly since: string;
  readonly expires?: string;
  /** Clusters with a target that it is about. */
  readonly clusters: number;
  /** Those that reported the entry which says so. */
  readonly acknowledged: number;
  /** Those that did not, and are not heard. */
  readonly offline: number;
  /** Applications whose entries do not say it yet. */
  readonly unplanned: number;
}

/** A commit that a ref was seen at. */
export interface RevisionRecord {
  readonly uid: string;
  readonly project: string;
  readonly repository: string;
  readonly ref: string;
  readonly commit: string;
  readonly author: string;
  readonly subject: string;
  readonly committedAt: Date;
  readonly seenAt: Date;
}

/** What screens read of documents, revisions and repairs. */
export interface SourcesReader {
  projects(): Promise<readonly string[]>;
  documents(query: {
    project: string;
    kind: DocumentKind;
    page: PageRequest;
    matches?: (labels: Labels) => boolean;
  }): Promise<Page<DocumentRecord>>;
  document(project: string, kind: DocumentKind, name: string): Promise<DocumentRecord | undefined>;
  /** What of a project's targets a freeze is about, as they stand now. */
  freezeBlast(project: string, freeze: FreezeDocument['spec']): Promise<BlastRadius>;
  revisions(query: {
    project: string;
    repository?: string | undefined;
    page: PageRequest;
  }): Promise<Page<RevisionRecord>>;
  repairs(query: { project: string; repository?: string | undefined; page: PageRequest }): Promise<Page<Repair>>;
}
