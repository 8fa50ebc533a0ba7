import type { Reason } from '@flotilla/model';
import type { UpgradeRecord } from './upgrade-record.ts';

/** All that a watchdog's next step rests on. */
export interface WatchSight {
  /** The upgrade that this watchdog was made for. */
  readonly upgrade: string;
  readonly record: UpgradeRecord | undefined;
  /** What the Deployment asks for, and the upgrade that was ended there last; absent when it is gone. */
  readonly deployment: { readonly image: string; readonly ended: string | undefined } | undefined;
  /** The Deployment has given up by itself: its own deadline passed. */
  readonly gaveUp: boolean;
  readonly now: number;
}

/** One step of a watchdog. */
export type WatchStep =
  | { readonly do: 'leave' }
  | { readonly do: 'wait' }
  | { readonly do: 'announce'; readonly record: UpgradeRecord }
  | { readonly do: 'return'; readonly record: UpgradeRecord; readonly reason: Reason }
  | { readonly do: 'end'; readonly record: UpgradeRecord; readonly image: string };

/** Decides the next step. Pure. Going back is always safe, and waiting never goes on for ever. */
export function chooseWatchStep(sight: WatchSight): WatchStep {
  const { record, upgrade } = sight;
  if (record?.upgrade !== upgrade || record.phase === 'Confirmed') return { do: 'leave' };
  if (record.phase === 'Planned') return { do: 'announce', record };
  if (record.phase === 'Watched') return stepOfWatched(record, sight);
  return stepOfOver(record, sight);
}

function stepOfWatched(record: UpgradeRecord, { deployment, gaveUp, now }: WatchSight): WatchStep {
  const isSwitched = deployment?.image === record.to;
  // A deadline that cannot be read is one that has passed.
  const isLate = !(now < Date.parse(record.deadlineAt ?? ''));
  if (!isLate && !(isSwitched && gaveUp)) return { do: 'wait' };
  return { do: 'return', record, reason: isSwitched ? silent(record) : neverBegun };
}

/** Over, one way or the other: the mark on the Deployment keeps a switch that is still under way from landing. */
function stepOfOver(record: UpgradeRecord, { deployment, upgrade }: WatchSight): WatchStep {
  if (!deployment) return { do: 'leave' };
  const { image, ended } = deployment;
  if (image !== record.to && ended === upgrade) return { do: 'leave' };
  return { do: 'end', record, image: image === record.to ? record.from : image };
}

const neverBegun: Reason = {
  code: 'AgentUpgradeFailed',
  message: 'the old agent did not switch before the deadline; nothing was changed',
};

function silent({ deadlineSeconds }: UpgradeRecord): Reason {
  const message = `the new agent did not confirm within ${deadlineSeconds} s, and the old one was put back`;
  return { code: 'AgentUpgradeFailed', message };
}
