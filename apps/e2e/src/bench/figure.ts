/** One figure of a benchmark, as one JSON line. */
export interface Figure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What the same run took at the least: the same work without us, or the protocol's own limit. */
  readonly floor?: number;
  /** `value / floor`, unless `conditions` says otherwise. */
  readonly ratio?: number;
  readonly conditions: string;
}

/** How large a fleet is, where a bench needs one. */
export interface BenchOptions {
  readonly agents: number;
  /** How many follow it. */
  readonly screens: number;
  /** Whether simulated agents check signatures, as real ones do. */
  readonly verify: boolean;
  /** How many applications one cluster runs, where a bench is not to take its own number. */
  readonly applications?: number;
  /** How long steady state is looked at. */
  readonly minutes: number;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  /** How many agents it is meant for, where that is not as many as for the others. */
  readonly agents?: number;
  run(tell: (figure: Omit<Figure, 'bench'>) => void, options: BenchOptions): Promise<void>;
}

/** The value that a share of the samples does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

/** A figure with its floor and the ratio of the two. */
export function beside(value: number, floor: number): { value: number; floor: number; ratio: number } {
  return { value: rounded(value), floor: rounded(floor), ratio: rounded(value / floor, 2) };
}
