import type { Fence, TargetStatus } from '@flotilla/model';

/** One report, with the cluster that the server-checked subject named. */
export interface ReportHeard {
  readonly cluster: string;
  readonly number: number;
  /** The set that the agent held when it reported. */
  readonly fence: Fence;
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly kubernetesUid?: string | undefined;
  readonly items: readonly TargetStatus[];
  readonly statusDigest: string;
  readonly traceparent?: string;
}

/** What followed from a batch of reports. */
export interface ReportsStored {
  /** Targets whose stored status changed. */
  readonly changed: readonly string[];
  /** Items that our own records contradict: another cluster's target, or a generation that was never issued. */
  readonly dropped: readonly { readonly cluster: string; readonly target: string }[];
  /** Reports of those who do not speak for their cluster: revoked, or a second holder of its identity. */
  readonly disbelieved: readonly ReportHeard[];
}

/** What agents last said of their targets. */
export interface Statuses {
  /**
   * Stores the reports in one transaction: statuses that differ, deployments, and the work that follows. When it
   * returns, the reports are committed and may be receipted.
   */
  store(reports: readonly ReportHeard[], now: number): Promise<ReportsStored>;
  /** Counts the targets of a project, or of one place in it, again and returns whether any count moved. */
  recount(key: string): Promise<boolean>;
}
