import type { Random } from '@flotilla/foundation';

/** What may go wrong at one opportunity: the part of the world it strikes, what happens, and how likely it is in bad weather. */
interface TroubleKind {
  readonly part: 'API server' | 'watch' | 'broker' | 'database' | 'Git' | 'program' | 'process' | 'clock' | 'people';
  readonly what: string;
  /** Absent where a step of the run brings it about. */
  readonly chance?: number;
  /** The simulations whose world has that part. */
  readonly in: readonly ('agent' | 'fleet')[];
}

const both = ['agent', 'fleet'] as const;

/** Everything that goes wrong in the simulated worlds. One that never does in a whole test run fails that run. */
export const troubleKinds = {
  requestLost: { part: 'API server', what: 'a request is lost before its effect', chance: 0.05, in: both },
  answerLost: { part: 'API server', what: 'a request has its effect, and its answer is lost', chance: 0.05, in: both },
  refused: { part: 'API server', what: 'a request is answered with 429, 500 or 503', chance: 0.08, in: both },
  slow: { part: 'API server', what: 'a request takes up to two seconds', chance: 0.1, in: both },
  staleList: { part: 'API server', what: 'a list is answered as it was some lists ago', chance: 0.3, in: ['agent'] },
  serverCut: { part: 'API server', what: 'one of two agents cannot reach it', in: ['agent'] },
  historyGone: { part: 'API server', what: 'it forgets its history, so that watches meet 410', in: ['agent'] },
  eventLost: { part: 'watch', what: 'an event is never told', chance: 0.05, in: ['agent'] },
  eventDoubled: { part: 'watch', what: 'an event is told twice', chance: 0.05, in: ['agent'] },
  eventSwapped: { part: 'watch', what: 'an event is told after the one behind it', chance: 0.05, in: ['agent'] },
  eventExpired: { part: 'watch', what: 'a stream ends with 410', chance: 0.02, in: ['agent'] },
  objectSwapped: {
    part: 'people',
    what: 'an object is deleted and made again right after an agent read it, or before it writes it',
    chance: 0.2,
    in: ['fleet'],
  },
  orderRepeated: { part: 'broker', what: 'an order comes again, long after it was overtaken', in: both },
  messageLost: { part: 'broker', what: 'a message is lost', chance: 0.15, in: ['fleet'] },
  messageDoubled: { part: 'broker', what: 'a message comes twice', chance: 0.15, in: ['fleet'] },
  messageLate: {
    part: 'broker',
    what: 'a message comes up to a minute late, behind younger ones',
    chance: 0.2,
    in: ['fleet'],
  },
  lineCut: { part: 'broker', what: 'a cluster cannot reach it', in: both },
  planeCut: {
    part: 'broker',
    what: 'the control plane cannot reach it: what it sends or should hear is lost',
    in: ['fleet'],
  },
  transactionAborted: { part: 'database', what: 'a transaction is aborted', chance: 0.05, in: ['fleet'] },
  commitUnheard: { part: 'database', what: 'a transaction commits, and nobody is told', chance: 0.05, in: ['fleet'] },
  databaseSlow: { part: 'database', what: 'a transaction takes up to three seconds', chance: 0.1, in: ['fleet'] },
  databaseAway: { part: 'database', what: 'it cannot be reached for a while', in: ['fleet'] },
  gitAway: { part: 'Git', what: 'the host cannot be reached', in: both },
  packCut: { part: 'Git', what: 'a pack is truncated, and refused', chance: 0.1, in: both },
  diskFull: { part: 'Git', what: "the agent's cache has no room for what was pulled", chance: 0.05, in: both },
  programFailed: { part: 'program', what: 'one that renders fails', in: ['agent'] },
  programStuck: { part: 'program', what: 'one that renders never ends', in: ['agent'] },
  refWentBack: { part: 'Git', what: 'a ref goes back to an older commit', in: ['fleet'] },
  agentKilled: { part: 'process', what: 'an agent dies at a port call, before its effect or after', in: both },
  agentStopped: { part: 'process', what: 'an agent stands still while its Lease runs out, and goes on', in: ['agent'] },
  planeKilled: { part: 'process', what: 'the control plane dies at a port call', in: ['fleet'] },
  planeStopped: { part: 'process', what: 'the control plane stands still for a while, and goes on', in: ['fleet'] },
  agentClockOff: { part: 'clock', what: "an agent's clock is off by hours", in: both },
  serverClockOff: { part: 'clock', what: "an API server's clock is off by hours", in: ['agent'] },
} as const satisfies Readonly<Record<string, TroubleKind>>;

export type TroubleName = keyof typeof troubleKinds;

/** The kinds that come by themselves while the weather is bad. */
type WeatherName = {
  [Name in TroubleName]: (typeof troubleKinds)[Name] extends { readonly chance: number } ? Name : never;
}[TroubleName];

export type Weather = 'fair' | 'bad';

/** How often each kind happened. */
export type TroubleCounts = Readonly<Partial<Record<TroubleName, number>>>;

/** Decides by the seed what goes wrong when it can, and counts what did. */
export class Troubles {
  readonly #random: Random;
  readonly #counts = new Map<TroubleName, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  get counts(): TroubleCounts {
    return Object.fromEntries(this.#counts);
  }

  /** Whether it happens now, in this weather. */
  strikes(name: WeatherName, weather: Weather): boolean {
    if (weather === 'fair' || this.#random.next() >= troubleKinds[name].chance) return false;
    this.happened(name);
    return true;
  }

  /** A step of the run brought it about. */
  happened(name: TroubleName): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

export function addCounts(left: TroubleCounts, right: TroubleCounts): TroubleCounts {
  const names = new Set([...Object.keys(left), ...Object.keys(right)] as TroubleName[]);
  return Object.fromEntries([...names].map((name) => [name, (left[name] ?? 0) + (right[name] ?? 0)]));
}

/** The kinds of a simulation that did not happen once. */
export function unusedTroubles(simulation: 'agent' | 'fleet', counts: TroubleCounts): readonly TroubleName[] {
  const names = Object.keys(troubleKinds) as TroubleName[];
  return names.filter((name) => (troubleKinds[name].in as readonly string[]).includes(simulation) && !counts[name]);
}

/** One line for each kind that a simulation knows, the most frequent first. */
export function describeTroubles(counts: TroubleCounts): string {
  const rows = (Object.entries(counts) as [TroubleName, number][]).toSorted(([, left], [, right]) => right - left);
  return rows
    .map(([name, count]) => {
      const { part, what } = troubleKinds[name];
      return `  ${count.toLocaleString('en').padStart(9)}  ${part}: ${what}`;
    })
    .join('\n');
}
