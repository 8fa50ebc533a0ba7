/** What one run found; nothing is what it should find. */
export interface SimulationResult {
  readonly violations: readonly string[];
}
