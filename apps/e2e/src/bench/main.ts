import { parseArgs } from 'node:util';
import { toFault } from '@flotilla/foundation';
import { applyBench } from './apply.ts';
import { driftBench } from './drift.ts';
import { fanoutBench } from './fanout.ts';
import type { Bench, BenchOptions, Figure } from './figure.ts';
import { gitBench } from './git.ts';
import { ingestBench } from './ingest.ts';
import { ledgerBench } from './ledger.ts';
import { memoryBench } from './memory.ts';
import { mttpBench } from './mttp.ts';
import { plannerBench } from './planner.ts';
import { renderBench } from './render.ts';
import { roadBench } from './road.ts';
import { rollbackBench } from './rollback.ts';
import { screensBench } from './screens.ts';
import { servicesBench } from './services.ts';
import { steadyBench } from './steady.ts';
import { stormBench } from './storm.ts';

const benches: readonly Bench[] = [
  roadBench,
  applyBench,
  mttpBench,
  steadyBench,
  driftBench,
  memoryBench,
  gitBench,
  renderBench,
  ingestBench,
  plannerBench,
  ledgerBench,
  fanoutBench,
  rollbackBench,
  servicesBench,
  stormBench,
  screensBench,
];

const agentsDefault = 10_000;
const screensDefault = 500;
const minutesDefault = 10;

/**
 * `npm run bench -- NAME… [--json] [--agents N] [--screens N] [--no-verify] [--applications N] [--minutes N]`: runs benchmarks
 * one after another. A figure is never a test: nothing fails by time.
 */
async function main(args: readonly string[]): Promise<number> {
  const { names, json, agents, options } = read(args);
  const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
  if (names.length === 0 || unknown) {
    const list = benches.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n');
    process.stderr.write(
      `${unknown ? `there is no bench ${unknown}\n` : ''}npm run bench -- NAME… [--json]\n\n${list}\n`,
    );
    return 2;
  }
  for (const name of names) {
    const bench = benches.find((candidate) => candidate.name === name)!;
    await bench.run(
      (figure) => process.stdout.write(`${json ? JSON.stringify({ bench: name, ...figure }) : lineOf(name, figure)}\n`),
      { ...options, agents: agents ?? bench.agents ?? agentsDefault },
    );
  }
  return 0;
}

interface Read {
  readonly names: readonly string[];
  readonly json: boolean;
  /** How many agents were asked for, if somebody said so. */
  readonly agents: number | undefined;
  readonly options: Omit<BenchOptions, 'agents'>;
}

function read(args: readonly string[]): Read {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      agents: { type: 'string' },
      screens: { type: 'string' },
      'no-verify': { type: 'boolean' },
      applications: { type: 'string' },
      minutes: { type: 'string' },
    },
  });
  return {
    names: positionals.flatMap((name) => name.split('|')),
    json: values.json ?? false,
    agents: values.agents === undefined ? undefined : Number(values.agents),
    options: {
      screens: Number(values.screens ?? screensDefault),
      verify: !values['no-verify'],
      minutes: Number(values.minutes ?? minutesDefault),
      ...(values.applications && { applications: Number(values.applications) }),
    },
  };
}

function lineOf(name: string, { metric, value, unit, floor, ratio, conditions }: Omit<Figure, 'bench'>): string {
  const compared = floor === undefined ? '' : `  floor ${floor} ${unit}  ratio ${ratio}`;
  return `${name} ${metric}: ${value} ${unit}${compared}  (${conditions})`;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${toFault(error).stack}\n`);
  process.exit(1);
}
