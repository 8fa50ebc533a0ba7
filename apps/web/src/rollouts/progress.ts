import type { RolloutView, TargetView } from '@flotilla/contracts';
import { isOpenRollout } from '@flotilla/model';
import { countKey } from '../live/live-key.ts';
import type { BarPart } from '../status/tone-bar.tsx';

/** How far a rollout has come, in targets. */
export interface Progress {
  readonly total: number;
  readonly arrived: number;
  readonly failing: number;
}

/** Targets by the square of the grid that they are in. */
export type TargetsByPlace = ReadonlyMap<string, readonly TargetView[]>;

export function targetsByPlace(targets: Iterable<TargetView>): TargetsByPlace {
  const found = new Map<string, TargetView[]>();
  for (const target of targets) {
    const key = countKey(target.spec.application, target.spec.environment);
    const here = found.get(key);
    if (here) here.push(target);
    else found.set(key, [target]);
  }
  return found;
}

/**
 * A rollout is told when a wave begins or it ends, not for each target that arrives: while it is open its targets are
 * counted here, where each of them is heard.
 */
export function progressOf({ spec, status }: RolloutView, places: TargetsByPlace): Progress {
  const { total, arrived, failing } = status;
  const here = places.get(countKey(spec.application, spec.environment));
  if (!here || !isOpenRollout(status.state)) return { total, arrived, failing };
  const reached = here.filter((target) => target.spec.release === spec.release && hasTaken(target));
  const well = reached.filter((target) => target.status.sync === 'Synced' && target.status.health === 'Healthy').length;
  const degraded = reached.filter((target) => target.status.health === 'Degraded').length;
  return { total: Math.max(total, goesTo({ spec, status }, here)), arrived: well, failing: degraded };
}

/** What goes in waves goes to everybody there in the end, and is told with those alone that it has admitted. */
function goesTo({ spec, status }: Pick<RolloutView, 'spec' | 'status'>, here: readonly TargetView[]): number {
  return status.wave === undefined || spec.cause === 'rollback' ? 0 : here.length;
}

/** Whether its agent has said anything of what it shall run now. */
function hasTaken({ spec, status }: TargetView): boolean {
  return status.revision === spec.revision;
}

/** The lengths of a bar: who is there, who fails, and who is not there yet. */
export function progressParts({ total, arrived, failing }: Progress): readonly BarPart[] {
  return [
    { name: 'arrived', number: arrived, tone: 'good' },
    { name: 'failing', number: failing, tone: 'bad' },
    { name: 'on the way', number: Math.max(0, total - arrived - failing) },
  ];
}

/** `3 of 12 targets`, and how many of them fail. */
export function progressText({ total, arrived, failing }: Progress): string {
  const there = `${arrived.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return failing > 0 ? `${there}, ${failing.toLocaleString('en')} failing` : there;
}
