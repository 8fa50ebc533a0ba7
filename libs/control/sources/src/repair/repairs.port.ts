import type { Actor, Reason, RepairState } from '@flotilla/model';
import type { StoredRepository } from '../repositories.port.ts';

/** What a rollback asks of Git, for one branch of one repository: one order for each pair of revisions. */
export interface RepairOrder {
  /** The rollback's uid: the same asked twice is one repair. */
  readonly rollback: string;
  readonly project: string;
  /** The name of the Repository document. */
  readonly repository: string;
  readonly branch: string;
  /** By name, for the message of the commit. */
  readonly applications: readonly string[];
  /** Everything that these applications read: `source.path` and `source.also`, filled in. */
  readonly paths: readonly string[];
  readonly goodRevision: string;
  /** What ran when it was rolled back: changes that are newer stay. */
  readonly badRevision: string;
  readonly reason: string;
  readonly by: Actor;
}

/** A repair as it stands. */
export interface Repair extends Omit<RepairOrder, 'by'> {
  readonly uid: string;
  readonly actor: Actor;
  readonly state: RepairState;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly revert?: string;
  readonly url?: string;
  readonly conflicts: readonly string[];
  readonly error?: Reason;
}

/** How far a repair has come now. What is left out is not there any more. */
export interface RepairProgress {
  readonly state: RepairState;
  readonly revert?: string;
  readonly url?: string;
  readonly conflicts?: readonly string[];
  readonly error?: Reason;
}

/** The record of what Git is owed. `openRepair` of the store opens one, inside the transaction of its rollback. */
export interface Repairs {
  /** The repair and the repository it is for; nothing when one of them is gone. */
  find(uid: string): Promise<{ readonly repair: Repair; readonly repository: StoredRepository } | undefined>;
  /** One more look begins, before anything is sent: whoever comes after a crash knows that something may have been. */
  begin(uid: string): Promise<void>;
  /** Notes how far it has come, with a line of the ledger when that is news. */
  progress(repair: Repair, progress: RepairProgress): Promise<void>;
}
