/** How far a fleet has come with one revision. */
export interface Settled {
  readonly targets: number;
  /** When the last of them was receipted. */
  readonly lastAt: number;
}

/** What a fleet, or a part of it, has done so far. */
export interface FleetFigures {
  readonly lines: number;
  readonly hellos: number;
  readonly sets: number;
  readonly setsOld: number;
  readonly setsUnmergeable: number;
  readonly receipts: number;
  readonly lastReceiptAt: number;
  readonly askedForAll: number;
  readonly transitions: number;
  /** Messages of a kind that no agent knows, which it leaves alone; a bench sends them to see how fast they come. */
  readonly strange: number;
  readonly lastStrangeAt: number;
  readonly refusals: number;
  readonly lastRefusal: string;
  readonly settled: Readonly<Record<string, Settled>>;
}

const revisionsKept = 20;

/** Counts what the agents of one process do. */
export class FleetTally {
  /** Lines that stand right now. */
  lines = 0;
  hellos = 0;
  sets = 0;
  setsOld = 0;
  setsUnmergeable = 0;
  receipts = 0;
  lastReceiptAt = 0;
  askedForAll = 0;
  transitions = 0;
  strange = 0;
  lastStrangeAt = 0;
  #refusals = 0;
  #lastRefusal = '';
  readonly #settled = new Map<string, Settled>();

  refused(why: string): void {
    this.#refusals++;
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
    const {
      lines,
      hellos,
      sets,
      setsOld,
      setsUnmergeable,
      receipts,
      lastReceiptAt,
      askedForAll,
      transitions,
      strange,
      lastStrangeAt,
    } = this;
    return {
      lines,
      hellos,
      sets,
      setsOld,
      setsUnmergeable,
      receipts,
      lastReceiptAt,
      askedForAll,
      transitions,
      strange,
      lastStrangeAt,
      refusals: this.#refusals,
      lastRefusal: this.#lastRefusal,
      settled: Object.fromEntries(this.#settled),
    };
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
    lines: left.lines + right.lines,
    hellos: left.hellos + right.hellos,
    sets: left.sets + right.sets,
    setsOld: left.setsOld + right.setsOld,
    setsUnmergeable: left.setsUnmergeable + right.setsUnmergeable,
    receipts: left.receipts + right.receipts,
    lastReceiptAt: Math.max(left.lastReceiptAt, right.lastReceiptAt),
    askedForAll: left.askedForAll + right.askedForAll,
    transitions: left.transitions + right.transitions,
    strange: left.strange + right.strange,
    lastStrangeAt: Math.max(left.lastStrangeAt, right.lastStrangeAt),
    refusals: left.refusals + right.refusals,
    lastRefusal: right.lastRefusal || left.lastRefusal,
    settled,
  };
}
