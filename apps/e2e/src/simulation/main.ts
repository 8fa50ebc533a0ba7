/** `npm run sim -- [--seeds N] [--seed FIRST] [--steps N] [--only agent|fleet]`: more of what `npm test` simulates. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toFault } from '@flotilla/foundation';
import { defaultSteps, findingLine, runSeeds, simulations } from './run-seeds.ts';
import type { SeedRange, SeedsRun, SimulationName } from './run-seeds.ts';
import { addCounts, describeTroubles, type TroubleCounts } from './troubles.ts';

if (isMainThread) process.exitCode = await main();
// oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
else parentPort!.postMessage(await runSeeds(workerData as SeedRange));

async function main(): Promise<number> {
  // The same idea without the simulation: loaded only then, because it brings every real part along.
  if (process.argv.includes('--real')) return (await import('../faults/main.ts')).killRealParts(process.argv.slice(2));
  const ranges = readRanges();
  if (typeof ranges === 'string') {
    process.stderr.write(`${ranges}\n`);
    return 2;
  }
  const begun = performance.now();
  const runs = await Promise.all(ranges.map(simulate));
  const found = runs.flatMap(({ finding }, index) => (finding ? [findingLine(finding, ranges[index]!.steps)] : []));
  for (const line of found) process.stdout.write(`✗ ${line}\n`);
  const troubles = runs.reduce<TroubleCounts>((sum, run) => addCounts(sum, run.troubles), {});
  process.stdout.write(`what went wrong meanwhile, and how often:\n${describeTroubles(troubles)}\n`);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const count = runs.reduce((sum, { seeds }) => sum + seeds, 0);
  process.stdout.write(`${count} seeds in ${seconds} s: ${found.length === 0 ? 'nothing found' : 'see above'}\n`);
  return found.length === 0 ? 0 : 1;
}

/** The seeds, shared among as many threads as there are processors. */
function readRanges(): readonly SeedRange[] | string {
  const values = readOptions();
  if (typeof values === 'string') return values;
  const [seeds, first, steps] = [values.seeds ?? 2_000, values.seed ?? 1, values.steps ?? defaultSteps].map(Number) as [
    number,
    number,
    number,
  ];
  if (![seeds, first, steps].every((each) => Number.isInteger(each) && each > 0))
    return '--seeds, --seed and --steps are whole numbers from 1';
  if (values.only !== undefined && !(values.only in simulations))
    return `--only is one of: ${Object.keys(simulations).join(', ')}`;
  const names = values.only ? [values.only as SimulationName] : (Object.keys(simulations) as SimulationName[]);
  return names.flatMap((name) => shared({ name, first, seeds: Math.ceil(seeds / names.length), steps }));
}

function readOptions() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { seeds: text, seed: text, steps: text, only: text } }).values;
  } catch (error) {
    return toFault(error).message;
  }
}

function shared({ seeds, first, ...range }: SeedRange): SeedRange[] {
  const threads = Math.min(availableParallelism(), seeds);
  const each = Math.ceil(seeds / threads);
  return Array.from({ length: threads }, (_, index) => {
    const from = first + index * each;
    return { ...range, first: from, seeds: Math.max(0, Math.min(each, first + seeds - from)) };
  });
}

function simulate(range: SeedRange): Promise<SeedsRun> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: range });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
