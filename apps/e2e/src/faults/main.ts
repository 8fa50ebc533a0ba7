import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemRandom } from '@flotilla/foundation';
import { checkoutDataDirectory } from '@flotilla/testing';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';
import { runKills } from './run-kills.ts';

const clusters = ['alpha', 'beta', 'gamma'];

/** `npm run sim -- --real [--minutes N] [--seed N]`: kills real parts for longer than `npm test` does, and says each kill. */
export async function killRealParts(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...args], options: { real: { type: 'boolean' }, minutes: text, seed: text } });
  const minutes = Number(values.minutes ?? 2);
  const seed = Number(values.seed ?? Math.floor(systemRandom.next() * 1_000_000));
  if (!(minutes > 0) || !Number.isInteger(seed)) {
    process.stderr.write('--minutes is a number above 0, --seed a whole number\n');
    return 2;
  }
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(
    `killing real parts for ${minutes} minutes; again with: npm run sim -- --real --minutes ${minutes} --seed ${seed}`,
  );
  const fleet = await startMortalFleet({ clusters });
  try {
    const tell = ({ part, downMs }: { part: string; downMs: number }) =>
      say(`  kill -9 ${part}, down for ${downMs} ms`);
    const { wrong, kills, commits, orders } = await runKills(fleet, { seed, forMs: minutes * 60_000, tell });
    for (const line of wrong) say(`✗ ${line}`);
    if (wrong.length > 0) await keepLogs(fleet.parts.directory, say);
    say(`${kills} kills, ${commits} commits, ${orders} orders: ${wrong.length === 0 ? 'nothing wrong' : 'see above'}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await fleet.stop();
  }
}

async function keepLogs(directory: string, say: (line: string) => void): Promise<void> {
  const kept = join(checkoutDataDirectory, 'real-logs');
  await cp(join(directory, 'logs'), kept, { recursive: true });
  say(`the logs of every part are in ${kept}`);
}
