/** A stage and those that it comes after. */
interface Following {
  readonly environment: string;
  readonly after: readonly string[];
}

/** Where a stage stands: how many steps it is from Git, and which of those that are as far. */
export interface StagePlace {
  readonly column: number;
  readonly row: number;
}

export interface StageLayout {
  readonly places: ReadonlyMap<string, StagePlace>;
  readonly columns: number;
  readonly rows: number;
}

/** Stages in columns, each to the right of all that it comes after, in the order in which they are written. */
export function layOut(stages: readonly Following[]): StageLayout {
  const depths = depthsOf(stages);
  const places = new Map<string, StagePlace>();
  const filled = new Map<number, number>();
  for (const { environment } of stages) {
    const column = depths.get(environment)!;
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    places.set(environment, { column, row });
  }
  return { places, columns: Math.max(0, ...filled.keys()) + 1, rows: Math.max(0, ...filled.values()) };
}

/** Each round moves a stage behind those before it; after as many rounds as stages nothing moves, or it is a circle. */
function depthsOf(stages: readonly Following[]): ReadonlyMap<string, number> {
  const depths = new Map(stages.map(({ environment }) => [environment, 0]));
  for (const _ of stages) {
    for (const { environment, after } of stages) {
      const before = after.flatMap((each) => depths.get(each) ?? []);
      depths.set(environment, Math.min(stages.length - 1, Math.max(-1, ...before) + 1));
    }
  }
  return depths;
}

/** A node of the drawing, in its own lengths. */
export const node = { width: 236, height: 88, gapX: 52, gapY: 20 } as const;

/** Where a node stands in the drawing. */
export function nodeAt({ column, row }: StagePlace): { readonly left: number; readonly top: number } {
  return { left: column * (node.width + node.gapX), top: row * (node.height + node.gapY) };
}

/** The size of a drawing that holds them all. */
export function sizeOf({ columns, rows }: StageLayout): { readonly width: number; readonly height: number } {
  return {
    width: columns * (node.width + node.gapX) - node.gapX,
    height: rows * (node.height + node.gapY) - node.gapY,
  };
}

/** A line from the right of one node to the left of the next. */
export function edgePath(from: StagePlace, to: StagePlace): string {
  const [start, end] = [nodeAt(from), nodeAt(to)];
  const [x1, y1] = [start.left + node.width, start.top + node.height / 2];
  const [x2, y2] = [end.left, end.top + node.height / 2];
  // It bends beside the node that it leads to, so that it passes between the others.
  const bend = x2 - node.gapX / 2;
  return y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}H${x2 - node.gapX}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}
