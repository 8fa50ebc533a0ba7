import type { HealthStatus } from '@flotilla/model';

/** Targets that go back together. */
export interface RollbackWave<Target> {
  readonly name: string;
  /** They are well as they are: if one of them fails on its way, nobody goes after it. */
  readonly isWell: boolean;
  readonly moves: readonly Target[];
}

/** How many of the healthy ones go together. */
const healthyShare = 0.25;

/**
 * The targets that go back in the order of their need: those that are not well all at once, for they have little to lose,
 * then the others by quarters. Each is in exactly one wave; a wave with nobody in it is left out.
 */
export function rollbackWaves<Target>(
  targets: readonly Target[],
  healthOf: (target: Target) => HealthStatus,
): readonly RollbackWave<Target>[] {
  const isWell = (target: Target) => healthOf(target) === 'Healthy';
  const well = targets.filter(isWell);
  const size = Math.max(1, Math.ceil(well.length * healthyShare));
  const quarters = Array.from({ length: Math.ceil(well.length / size) }, (_, wave) => ({
    name: `healthy-${wave + 1}`,
    isWell: true,
    moves: well.slice(wave * size, (wave + 1) * size),
  }));
  const unwell = { name: 'unhealthy', isWell: false, moves: targets.filter((target) => !isWell(target)) };
  return [unwell, ...quarters].filter(({ moves }) => moves.length > 0);
}

/** Everybody at the same moment, where a person says that there is no time for waves. */
export function everybodyAtOnce<Target>(targets: readonly Target[]): readonly RollbackWave<Target>[] {
  return targets.length === 0 ? [] : [{ name: 'everybody', isWell: false, moves: targets }];
}
