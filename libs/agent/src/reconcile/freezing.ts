import {
  freezeInTheWay,
  freezeText,
  intentOf,
  isInForce,
  shortCommit,
  stopsAll,
  type DesiredEntry,
  type EntryFreeze,
  type Reason,
} from '@flotilla/model';
import type { Bundle, TargetRecord } from '../keep/target-record.ts';

/** What a freeze makes of a target now. */
export interface Freezing {
  readonly freeze: EntryFreeze;
  /** Nothing may be written. */
  readonly isStill: boolean;
  /** What it goes on running instead of what its entry says, if that is something else and held. */
  readonly bundle?: Bundle;
}

/**
 * The freeze that stands between a target and its entry, by our own clock, so that it holds and ends with the control
 * plane gone. What runs is held, from its own bundle, and under `deploys` kept in step; a target that runs nothing, or
 * whose bundle is lost, is not written to.
 */
export function freezing(
  entry: DesiredEntry,
  { running, bundles }: Pick<TargetRecord, 'running' | 'bundles'>,
  now: number,
): Freezing | undefined {
  const { frozen = [], breakGlass, sourceDigest } = entry;
  const isToRun = intentOf(entry) === 'run';
  // The glass is broken for something that is to run, and never for a departure.
  const freeze = freezeInTheWay({ sourceDigest, ...(isToRun && { breakGlass }) }, frozen, now);
  if (!freeze) return undefined;
  const isAll = stopsAll(freeze);
  if (isToRun && running?.sourceDigest === sourceDigest) {
    return { freeze, isStill: isAll };
  }
  const bundle = running && bundles.find((held) => held.sourceDigest === running.sourceDigest);
  // What runs is called what it was called when it was applied, and not what waits.
  const held = bundle && { bundle: { ...bundle, release: running.release } };
  return { freeze, isStill: isAll || !bundle, ...held };
}

/** In how long a freeze of an entry ends, or a broken glass: the first of them. */
export function freezeEndsInMs({ frozen = [], breakGlass }: DesiredEntry, now: number): number | undefined {
  const ends = [...frozen, ...(breakGlass ? [breakGlass] : [])]
    .filter((each) => isInForce(each, now))
    .map(({ expires = '' }) => Date.parse(expires) - now)
    .filter((ms) => !Number.isNaN(ms));
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** What a person reads of a target that is not as its entry says. */
export function freezeReason({ freezing: frozen, ordered, record: { running } }: Frozen): Reason {
  const { freeze, isStill, bundle } = frozen!;
  const waiting = intentOf(ordered!) === 'run' ? shortCommit(ordered!.source.revision) : 'its departure';
  const kept = bundle ? [`${shortCommit(bundle.source.revision)} is held and ${waiting} waits`] : [];
  const still = isStill ? [running ? 'nothing is written' : `${waiting} waits; nothing runs here yet`] : [];
  const what = [...kept, ...still].join('; ');
  return { code: 'Frozen', message: `${freezeText(freeze)}; ${what}` };
}

/** What a reason needs of the memory of a frozen target. */
interface Frozen {
  readonly freezing: Freezing | undefined;
  readonly ordered: DesiredEntry | undefined;
  readonly record: Pick<TargetRecord, 'running'>;
}
