import type { SimulationName } from '../run-seeds.ts';

/** One line of the product, changed so that it is wrong. */
export interface PlantedDefect {
  /** What is wrong then. */
  readonly defect: string;
  readonly room: 'agent' | 'lease' | 'line' | 'planner' | 'record' | 'liveness' | 'watch' | 'delivery';
  /** From the root of the repository. */
  readonly file: string;
  /** The line as it stands, exactly once in the file; white space at its ends does not count. */
  readonly line: string;
  readonly becomes: string;
}

/** A defect with the simulation that finds it, and the first seed by which it does. */
export interface FoundDefect extends PlantedDefect {
  readonly by: SimulationName;
  readonly seed: number;
}

/** A defect that no run notices, because something else holds what it breaks. */
export interface HeldDefect extends PlantedDefect {
  readonly heldBy: string;
}
