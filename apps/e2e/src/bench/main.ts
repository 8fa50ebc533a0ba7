import { toFault } from '@flotilla/foundation';
import type { Bench } from './figure.ts';
import { gitBench } from './git.ts';
import { roadBench } from './road.ts';

const benches: readonly Bench[] = [roadBench, gitBench];

/** `npm run bench -- NAME… [--json]`: runs benchmarks one after another. A figure is never a test: nothing fails by time. */
async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const names = args.filter((arg) => !arg.startsWith('--')).flatMap((arg) => arg.split('|'));
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
    await bench.run((figure) => {
      if (json) return void process.stdout.write(`${JSON.stringify({ bench: name, ...figure })}\n`);
      const { metric, value, unit, floor, ratio, conditions } = figure;
      const compared = floor === undefined ? '' : `  floor ${floor} ${unit}  ratio ${ratio}`;
      process.stdout.write(`${name} ${metric}: ${value} ${unit}${compared}  (${conditions})\n`);
    });
  }
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${toFault(error).stack}\n`);
  process.exit(1);
}
