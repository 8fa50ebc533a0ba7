/** How far a fleet has come with one revision. */
export interface Settled {
  readonly targets: number;
  /** When the last of them was receipted. */
  readonly lastAt: number;
}

/** What is counted; a fleet has the sum of its parts. */
const noCounts = {
  /** Lines that stand right now. */
  lines: 0,
  hellos: 0,
  sets: 0,
  setsOld: 0,
  setsUnmergeable: 0,
  receipts: 0,
  askedForAll: 0,
  transitions: 0,
  /** Messages of a kind that no agent knows, which it leaves alone; a bench sends them to see how fast they come. */
  strange: 0,
  refusals: 0,
};

/** When something was last seen; a fleet has the newest of its parts. */
const noMoments = { lastReceiptAt: 0, lastStrangeAt: 0 };

/** What a fleet, or a part of it, has done so far. */
export interface FleetFigures extends Readonly<typeof noCounts>, Readonly<typeof noMoments> {
  readonly lastRefusal: string;
  readonly settled: Readonly<Record<string, Settled>>;
}

const revisionsKept = 20;

/** Counts what the agents of one process do. */
export class FleetTally {
  readonly counts = { ...noCounts };
  readonly moments = { ...noMoments };
  #lastRefusal = '';
  readonly #settled = new Map<string, Settled>();

  refused(why: string): void {
    this.counts.refusals++;
    this.#lastRefusal = why;
  }

  /** An agent has a receipt for one more target that a revision brought. */
  settled(revision: string, at: number): void {
    const before = this.#settled.get(revision)?.targets ?? 0;
    this.#settled.delete(revision);
    this.#settled.set(revision, { targets: before + 1, lastAt: at });
    const [oldest] = this.#settled.keys();
    if (this.#settled.size > revisionsKept) this.#settled.delete(oldest!);
  }

  figures(): FleetFigures {
    const settled = Object.fromEntries(this.#settled);
    return { ...this.counts, ...this.moments, lastRefusal: this.#lastRefusal, settled };
  }
}

/** The figures of a whole fleet from those of its parts. */
export function sumOf(parts: readonly FleetFigures[]): FleetFigures {
  return parts.reduce(add, new FleetTally().figures());
}

function add(left: FleetFigures, right: FleetFigures): FleetFigures {
  const settled: Record<string, Settled> = { ...left.settled };
  for (const [revision, { targets, lastAt }] of Object.entries(right.settled)) {
    const before = settled[revision] ?? { targets: 0, lastAt: 0 };
    settled[revision] = { targets: before.targets + targets, lastAt: Math.max(before.lastAt, lastAt) };
  }
  return {
    ...merged(noCounts, (name) => left[name] + right[name]),
    ...merged(noMoments, (name) => Math.max(left[name], right[name])),
    lastRefusal: right.lastRefusal || left.lastRefusal,
    settled,
  };
}

/** Each figure of a kind as `merge` makes it of two parts. */
function merged<Figures extends Record<string, number>>(
  none: Figures,
  merge: (name: keyof Figures & string) => number,
): Figures {
  return Object.fromEntries(Object.keys(none).map((name) => [name, merge(name)])) as Figures;
}
