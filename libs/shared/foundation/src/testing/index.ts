export { countingIds } from './counting-ids.ts';
export { Trouble, type BreakingPoint } from './trouble.ts';
export { VirtualClock } from './virtual-clock.ts';
