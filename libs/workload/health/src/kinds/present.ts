import { healthy, type HealthRule } from '../health.ts';

/** Kinds that only hold something: they are well when they are there. */
export const presentHealth: HealthRule = () => healthy;
