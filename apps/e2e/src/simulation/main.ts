/**
 * `npm run sim -- [--seeds N] [--seed FIRST] [--steps N] [--only agent|fleet]`: more of what `npm test` simulates.
 * `npm run sim -- --planted [--seeds N] [--steps N]`: searches seeds anew for every defect that has to be found.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toFault } from '@flotilla/foundation';
import { plantedLine, searchPlanted, type PlantedRow } from './planted/search-planted.ts';
import { heldDefects } from './planted/held-defects.ts';
import { plantedDefects } from './planted/planted-defects.ts';
import { defaultSteps, findingLine, runSeeds, simulations } from './run-seeds.ts';
import type { SeedRange, SeedsRun, SimulationName } from './run-seeds.ts';
import { addCounts, describeTroubles, type TroubleCounts } from './troubles.ts';

/** Of so many a thread speaks after some minutes. */
const rangeSeedsMax = 1_000;

if (isMainThread) process.exitCode = await main();
// oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
else parentPort!.postMessage(await runSeeds(workerData as SeedRange));

async function main(): Promise<number> {
  // The same idea without the simulation: loaded only then, because it brings every real part along.
  if (process.argv.includes('--real')) return (await import('../faults/main.ts')).killRealParts(process.argv.slice(2));
  const options = readOptions();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  return options.planted ? searchForPlanted(options) : simulateAll(rangesOf(options));
}

async function simulateAll(ranges: readonly SeedRange[]): Promise<number> {
  const begun = performance.now();
  const runs: SeedsRun[] = [];
  const found: string[] = [];
  const waiting = [...ranges];
  const takeRanges = async () => {
    for (let range = waiting.shift(); range; range = waiting.shift()) {
      const run = await simulate(range);
      runs.push(run);
      if (run.finding) {
        found.push(findingLine(run.finding, range.steps));
        process.stdout.write(`✗ ${found.at(-1)}\n`);
      }
      // What was found may be one thing in a hundred thousand: the others are asked for all the same.
      if (run.seeds < range.seeds)
        waiting.unshift({ ...range, first: range.first + run.seeds, seeds: range.seeds - run.seeds });
      if (waiting.length > 0) process.stderr.write(`${progressLine(runs, found.length, begun)}\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, takeRanges));
  const troubles = runs.reduce<TroubleCounts>((sum, run) => addCounts(sum, run.troubles), {});
  process.stdout.write(`what went wrong meanwhile, and how often:\n${describeTroubles(troubles)}\n`);
  process.stdout.write(`${progressLine(runs, found.length, begun)}\n`);
  return found.length === 0 ? 0 : 1;
}

function progressLine(runs: readonly SeedsRun[], found: number, begun: number): string {
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const count = runs.reduce((sum, { seeds }) => sum + seeds, 0);
  return `${count} seeds in ${seconds} s: ${found === 0 ? 'nothing found' : 'see above'}`;
}

/** Fails when a seed is found for none, or for one that something else is said to hold. */
async function searchForPlanted({ seeds, steps }: Options): Promise<number> {
  const onSearched = (row: PlantedRow) => void process.stdout.write(`${plantedLine(row)}\n`);
  const search = { seeds, steps, threads: availableParallelism(), onSearched };
  process.stdout.write('defect | file | seed | invariant that caught it | steps\n');
  const planted = await searchPlanted(plantedDefects, search);
  process.stdout.write('and those that something else holds:\n');
  const held = await searchPlanted(heldDefects, search);
  const missed = planted.filter(({ finding }) => !finding).length;
  const found = held.filter(({ finding }) => finding).length;
  process.stdout.write(
    `${planted.length} planted, ${missed} missed; ${held.length} held, ${found} found all the same\n`,
  );
  return missed + found === 0 ? 0 : 1;
}

interface Options {
  readonly planted: boolean;
  readonly seeds: number;
  readonly first: number;
  readonly steps: number;
  readonly names: readonly SimulationName[];
}

function readOptions(): Options | string {
  try {
    const text = { type: 'string' } as const;
    const options = { seeds: text, seed: text, steps: text, only: text, planted: { type: 'boolean' } } as const;
    const { planted = false, only, ...values } = parseArgs({ options }).values;
    const numbers = [values.seeds ?? 2_000, values.seed ?? 1, values.steps ?? defaultSteps].map(Number);
    const [seeds, first, steps] = numbers as [number, number, number];
    if (!numbers.every((each) => Number.isInteger(each) && each > 0))
      return '--seeds, --seed and --steps are whole numbers from 1';
    const all = Object.keys(simulations) as SimulationName[];
    const names = all.filter((name) => only === undefined || name === only);
    return names.length > 0 ? { planted, seeds, first, steps, names } : `--only is one of: ${all.join(', ')}`;
  } catch (error) {
    return toFault(error).message;
  }
}

/** In pieces that the threads take one after the other: none waits for a longer one, and a long run says how far it is. */
function rangesOf({ names, seeds, first, steps }: Options): readonly SeedRange[] {
  const each = Math.ceil(seeds / names.length);
  const size = Math.min(rangeSeedsMax, Math.ceil(each / availableParallelism()));
  const count = Math.ceil(each / size);
  return Array.from({ length: count }, (_, index) => first + index * size).flatMap((from) =>
    names.map((name) => ({ name, first: from, seeds: Math.min(size, first + each - from), steps })),
  );
}

function simulate(range: SeedRange): Promise<SeedsRun> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: range });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
