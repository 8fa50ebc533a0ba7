import type { RolloutView } from '@flotilla/contracts';
import { isOpenRollout } from '@flotilla/model';

/** Rollouts that have something left to do or to decide: those that need somebody first, then the newest. */
export function underWay(rollouts: Iterable<RolloutView>): readonly RolloutView[] {
  return [...rollouts]
    .filter(({ status }) => isOpenRollout(status.state))
    .toSorted((left, right) => urgency(left) - urgency(right) || newestFirst(left, right));
}

/** Rollouts that are over, the newest first. */
export function ended(rollouts: Iterable<RolloutView>): readonly RolloutView[] {
  return [...rollouts].filter(({ status }) => !isOpenRollout(status.state)).toSorted(newestFirst);
}

/** What keeps somebody from sleep comes first. */
function urgency({ status: { state, failing } }: RolloutView): number {
  if (state === 'Halted') return 0;
  if (failing > 0) return 1;
  return state === 'Paused' ? 2 : 3;
}

function newestFirst(left: RolloutView, right: RolloutView): number {
  const [older, newer] = [left.metadata.createdAt, right.metadata.createdAt];
  return older < newer ? 1 : older > newer ? -1 : 0;
}

/** How people name where a rollout goes: `checkout.production`. */
export function placeName({ spec: { application, environment } }: RolloutView): string {
  return `${application}.${environment}`;
}
