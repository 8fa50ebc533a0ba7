import { counted } from '@flotilla/foundation';

/** How many of the clusters that a freeze is about said that they keep it. */
export interface Acknowledgement {
  readonly clusters: number;
  readonly acknowledged: number;
  /** Clusters that did not say it, and cannot be asked. */
  readonly offline: number;
  /** Applications whose entries do not say it yet. */
  readonly unplanned: number;
}

/** `97 of 100 clusters, 3 offline`: those that reported that they keep it, and those that cannot be asked. */
export function acknowledgedText({ clusters, acknowledged, offline, unplanned }: Acknowledgement): string {
  const missing = [
    offline > 0 && `${offline} offline`,
    unplanned > 0 && `${counted(unplanned, 'application')} not planned yet`,
  ];
  return [`${acknowledged} of ${counted(clusters, 'cluster')}`, ...missing.filter(Boolean)].join(', ');
}
