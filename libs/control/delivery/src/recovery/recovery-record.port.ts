import type { Actor, Connection, DesiredEntry, Fence } from '@flotilla/model';

/** A cluster that holds what this database never issued. */
export interface AheadCluster {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  readonly connection: Connection;
  /** What this database issued last. */
  readonly fence: Fence;
  /** What the cluster said it holds. */
  readonly held: Fence;
}

/** Somebody with a valid identity of whom there is no record: a cluster that was forgotten, or joined after the backup. */
export interface Stranger {
  readonly uid: string;
  readonly lastHeardAt: Date;
  readonly forgotten?: { readonly project: string; readonly name: string; readonly at: Date; readonly by: string };
}

/** How the database stands to the fleet. */
export interface FleetStanding {
  readonly epoch: number;
  /** Clusters on record. */
  readonly clusters: number;
  /** When the database was restored in this epoch, and when that backup was taken. */
  readonly restored?: { readonly at: Date; readonly takenAt: Date };
  readonly ahead: readonly AheadCluster[];
  readonly strangers: readonly Stranger[];
}

/** How far above the newest epoch what a cluster says counts when the next is opened: a liar shall not carry epochs away. */
export const epochLeadMax = 1_000;

/** How far above its set's generation what a cluster says counts when its set is put under the next epoch. */
export const generationLeadMax = 1_000_000;

/** The order to go on from what this database holds. */
export interface RecoveryOrder {
  /** The epoch that the person saw: of two who order it at once, one opens the next. */
  readonly epoch: number;
  readonly reason: string;
  readonly by: Actor;
}

/** What became of the order. */
export interface Recovered {
  readonly epoch: number;
  /** Whether this order opened it; otherwise somebody else had, or nothing made it necessary. */
  readonly opened: boolean;
}

/** The record of epochs. */
export interface RecoveryRecord {
  /** How far the database is behind the fleet, and who speaks of whom it knows nothing. */
  standing(): Promise<FleetStanding>;
  /** The entries of a cluster's set as this database has them. */
  entriesOf(cluster: string): Promise<readonly DesiredEntry[]>;
  /**
   * Opens the next epoch, above every epoch that a cluster holds, and puts the set of every cluster under it, to be sent
   * whole. Entries stay as they are. When nobody is ahead, no epoch is opened; the fleet goes on either way.
   */
  recover(order: RecoveryOrder): Promise<Recovered>;
}
