/** What a program in the box may use up. */
export interface BoxLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
}

/** Enough for the largest charts that are in use, and little enough that one target cannot starve the others. */
export const boxLimits: BoxLimits = {
  timeMs: 30_000,
  memoryBytes: 512 * 1024 ** 2,
  outputBytes: 32 * 1024 ** 2,
};
