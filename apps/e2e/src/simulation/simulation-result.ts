import type { TroubleCounts } from './troubles.ts';

/** What one run found, after how many steps, and what went wrong meanwhile; no violation is what it should find. */
export interface SimulationResult {
  readonly violations: readonly string[];
  readonly steps: number;
  readonly troubles: TroubleCounts;
}
