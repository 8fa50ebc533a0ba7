import type { FreezeStatusView } from '@flotilla/contracts';

/** `97 of 100 clusters, 3 offline`: those that reported that they keep it, and those that cannot be asked. */
export function acknowledgedText({ clusters, acknowledged, offline, unplanned }: FreezeStatusView): string {
  const missing = [offline > 0 && `${offline} offline`, unplanned > 0 && `${unplanned} applications not planned yet`];
  return [`${acknowledged} of ${clusters} clusters`, ...missing.filter(Boolean)].join(', ');
}
