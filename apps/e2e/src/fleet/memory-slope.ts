import type { ProcessFigure } from './process-figures.ts';

/** What parts use at a moment. */
export interface MemoryLook {
  readonly atMs: number;
  readonly figures: readonly Pick<ProcessFigure, 'name' | 'memoryMb'>[];
}

/** The first fifth is left out: caches fill, and compilers are at work. */
const warmUp = 0.2;

/** How the memory of each part, and of all, grows: the slope of the straight line that fits best, in MB an hour. */
export function memorySlopes(looks: readonly MemoryLook[]): Readonly<Record<string, number>> {
  const warm = looks.slice(Math.ceil(looks.length * warmUp));
  const names = [...new Set(warm.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const used = (look: MemoryLook, name: string) =>
    look.figures.reduce((sum, figure) => sum + (name === 'all' || figure.name === name ? figure.memoryMb : 0), 0);
  const slopes = [...names, 'all'].map((name) => [
    name,
    slope(warm.map((look) => [look.atMs / 3_600_000, used(look, name)] as const)),
  ]);
  return Object.fromEntries(slopes) as Record<string, number>;
}

function slope(points: readonly (readonly [hours: number, value: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middle, level] = [mean(([hours]) => hours), mean(([, value]) => value)];
  const spread = mean(([hours]) => (hours - middle) ** 2);
  if (points.length < 2 || spread === 0) return 0;
  return Math.round((10 * mean(([hours, value]) => (hours - middle) * (value - level))) / spread) / 10;
}
