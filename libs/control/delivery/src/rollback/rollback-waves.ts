import type { HealthStatus } from '@flotilla/model';

/** How many of the healthy ones stand together. */
const healthyShare = 0.25;

/**
 * The targets that go back in the order of their need: those that are not well, for they have little to lose, then the
 * others by quarters. Each is in exactly one wave; a wave with nobody in it is left out. An order shows them so, and
 * admits all of them at once.
 */
export function rollbackWaves<Target>(
  targets: readonly Target[],
  healthOf: (target: Target) => HealthStatus,
): readonly (readonly Target[])[] {
  const [well, unwell] = [true, false].map((isWell) =>
    targets.filter((target) => (healthOf(target) === 'Healthy') === isWell),
  ) as [Target[], Target[]];
  const atOnce = Math.ceil(well.length * healthyShare);
  const count = atOnce === 0 ? 0 : Math.ceil(well.length / atOnce);
  const quarters = Array.from({ length: count }, (_, wave) => well.slice(wave * atOnce, (wave + 1) * atOnce));
  return [unwell, ...quarters].filter((wave) => wave.length > 0);
}
