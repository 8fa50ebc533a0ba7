import { mapLimited } from '@flotilla/foundation';
import { simulations, type Finding, type SimulationName } from '../run-seeds.ts';
import type { PlantedDefect } from './planted-defect.ts';
import { searchSeeds } from './search-seeds.ts';

export interface SearchOptions {
  readonly seeds: number;
  readonly steps: number;
  readonly threads: number;
  /** Told of each defect, as its search ends. */
  readonly onSearched: (row: PlantedRow) => void;
}

/** A defect and the first seed that finds it; without one, none of those that were tried does. */
export interface PlantedRow {
  readonly defect: PlantedDefect;
  readonly finding: Finding | undefined;
}

/** Searches seeds for all of these defects anew: each in the one simulation, then in the other. */
export async function searchPlanted(
  defects: readonly PlantedDefect[],
  { seeds, steps, threads, onSearched }: SearchOptions,
): Promise<readonly PlantedRow[]> {
  return mapLimited(defects, threads, async (defect) => {
    const row = { defect, finding: await firstFinding(defect, { seeds, steps }) };
    onSearched(row);
    return row;
  });
}

async function firstFinding(
  defect: PlantedDefect,
  { seeds, steps }: Pick<SearchOptions, 'seeds' | 'steps'>,
): Promise<Finding | undefined> {
  for (const name of Object.keys(simulations) as SimulationName[]) {
    const { finding } = await searchSeeds(defect, { name, first: 1, seeds, steps });
    if (finding) return finding;
  }
  return undefined;
}

/** `defect | file | seed | invariant that caught it | steps`. */
export function plantedLine({ defect: { defect, file }, finding }: PlantedRow): string {
  if (!finding) return [defect, file, '-', 'nothing', '-'].join(' | ');
  const [invariant] = finding.violation.split(': ');
  return [defect, file, `${finding.name} ${finding.seed}`, invariant, finding.steps].join(' | ');
}
