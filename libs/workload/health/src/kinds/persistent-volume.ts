import { textAt } from '../facts.ts';
import { degraded, healthy, type HealthRule } from '../health.ts';

export const persistentVolumeHealth: HealthRule = (volume) =>
  textAt(volume, 'status', 'phase') === 'Failed'
    ? degraded('Failed', textAt(volume, 'status', 'message') ?? 'the volume could not be reclaimed')
    : healthy;
