/** A moment at which a process dies: at this port call, before its effect or right after it. */
export interface CrashPoint {
  readonly call: number;
  readonly after: boolean;
}

/** What a spec found out at every point there is. */
export interface Enumerated {
  readonly points: number;
  /** What was not right, each with its point; empty when all is well. */
  readonly wrong: readonly string[];
}

/**
 * Runs a scenario once undisturbed, to learn how many port calls it makes, and then once for each of them and each side
 * of its effect. `run` answers with what is not right in the end.
 */
export async function atEveryCrashPoint(
  countCalls: () => Promise<number>,
  run: (point: CrashPoint) => Promise<readonly string[]>,
): Promise<Enumerated> {
  const calls = await countCalls();
  const points = Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) =>
    [false, true].map((after) => ({ call, after })),
  );
  return enumerate(
    points,
    (point) => run(point),
    ({ call, after }) => `${after ? 'after' : 'before'} call ${call}`,
  );
}

/** Each pair of points on a grid: the process that is started after the first death dies once more. */
export async function atPairsOfCrashPoints(
  countCalls: () => Promise<number>,
  step: number,
  run: (first: CrashPoint, second: CrashPoint) => Promise<readonly string[]>,
): Promise<Enumerated> {
  const calls = await countCalls();
  const along = Array.from({ length: Math.ceil(calls / step) }, (_, index) => 1 + index * step);
  const pairs = along.flatMap((first, index) =>
    along.map(
      (second) =>
        [
          { call: first, after: index % 2 === 0 },
          { call: second, after: index % 2 === 1 },
        ] as const,
    ),
  );
  return enumerate(
    pairs,
    ([first, second]) => run(first, second),
    (pair) => JSON.stringify(pair),
  );
}

async function enumerate<Point>(
  points: readonly Point[],
  run: (point: Point) => Promise<readonly string[]>,
  title: (point: Point) => string,
): Promise<Enumerated> {
  const wrong: string[] = [];
  for (const point of points) wrong.push(...(await run(point)).map((what) => `${title(point)}: ${what}`));
  return { points: points.length, wrong };
}
