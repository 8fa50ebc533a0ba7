import { seededRandom } from '@flotilla/foundation';

/** One kill: of which part, how long after the one before, and how long until somebody starts the part again. */
export interface Kill {
  readonly part: string;
  readonly pauseMs: number;
  readonly downMs: number;
}

const pause = { leastMs: 100, mostMs: 2_000 };
const down = { leastMs: 50, mostMs: 4_000 };

/** Kills without end, the same for the same seed. Only what the fleet does in between is its own. */
export function* chooseKills(seed: number, parts: readonly string[]): Generator<Kill> {
  const random = seededRandom(seed);
  const between = ({ leastMs, mostMs }: typeof pause) => Math.round(leastMs + random.next() * (mostMs - leastMs));
  for (;;) {
    const part = parts[Math.floor(random.next() * parts.length)]!;
    yield { part, pauseMs: between(pause), downMs: between(down) };
  }
}
