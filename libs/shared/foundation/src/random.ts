/** Chance as a port: jitter takes one of these, so that a seed repeats a run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** The chance of the platform, for jitter; not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };

/** A small, fast generator (mulberry32) whose whole future is its seed. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}
