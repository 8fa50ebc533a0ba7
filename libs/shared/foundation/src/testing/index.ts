export { countingIds } from './counting-ids.ts';
export { hostileBytes, hostileValues } from './hostile.ts';
export { Trouble, type BreakingPoint } from './trouble.ts';
export { VirtualClock } from './virtual-clock.ts';
