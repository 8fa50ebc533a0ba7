import type { UpgradeProgress, WishedAgent } from '@flotilla/model';
import type { UpgradeRecord } from './upgrade-record.ts';

/** What there is to say upward of the upgrade that is wished. */
export interface ProgressFacts {
  readonly wish: WishedAgent | undefined;
  readonly record: UpgradeRecord | undefined;
  /** Where this process runs; `nowhere` is not in a Deployment that it knows. */
  readonly place: { readonly image: string } | 'nowhere' | 'unknown';
  /** Every target was looked at, and the control plane stored what was seen. */
  readonly allSaid: boolean;
}

/** Said in every hello for as long as the wish stands: whatever got lost is said again. */
export function upgradeProgress({ wish, record, place, allSaid }: ProgressFacts): UpgradeProgress | undefined {
  if (!wish) return undefined;
  const { upgrade } = wish;
  if (place === 'nowhere') return { upgrade, state: 'Unable', reason: notManaged };
  const isMine = record?.upgrade === upgrade;
  const isOver = isMine && (record.phase === 'Returning' || record.phase === 'Refused');
  if (isOver) return { upgrade, state: 'Failed', ...(record.reason && { reason: record.reason }) };
  const isThere = isMine ? record.phase === 'Confirmed' : place !== 'unknown' && place.image === wish.image;
  return { upgrade, state: isThere && allSaid ? 'Done' : 'Working' };
}

const notManaged = {
  code: 'NotManaged',
  message:
    'this agent does not run in a Deployment that it knows (AGENT_DEPLOYMENT and POD_NAME); upgrade it where it was started',
};
