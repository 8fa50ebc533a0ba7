export { countingIds } from './counting-ids.ts';
export { hostileBytes, hostileHandlers, hostileValues } from './hostile.ts';
export { Trouble, type BreakingPoint } from './trouble.ts';
export { VirtualClock } from './virtual-clock.ts';
