/** `npm run fleet -- [--agents N] [--applications N] [--minutes N] [--replicas N] [--no-verify]` */
import { parseArgs } from 'node:util';
import { Fault, systemClock, toFault } from '@flotilla/foundation';
import { openFleetWorld, type FleetWorld } from './fleet-world.ts';
import { memorySlopes, type MemoryLook } from './memory-slope.ts';
import { cpuBetween, type ProcessFigure } from './process-figures.ts';

const usage = `npm run fleet -- [options]

  --agents N          simulated agents (default 1000), each enrolled, with an identity and a connection of its own
  --applications N    applications that every cluster runs (default 3)
  --replicas N        of each service (default 1)
  --minutes N         go on for this long (default: until Ctrl-C); at the end, how memory grew
  --no-verify         agents do not check signatures: what is left is the control plane's work alone
`;

const lookMs = 5_000;
/** A fleet is never quite still. */
const pushEveryLooks = 12;

interface Options {
  readonly agents: number;
  readonly applications: number;
  readonly replicas: number;
  readonly minutes: number;
  readonly verify: boolean;
}

/** A large simulated fleet on a real control plane, with live figures, until somebody has seen enough. */
async function main(): Promise<number> {
  const options = readOptions();
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const begun = systemClock.now();
  const seconds = () => ((systemClock.now() - begun) / 1_000).toFixed(0).padStart(4);
  const say = (text: string) => void process.stdout.write(`${seconds()} s  ${text}\n`);
  const world = await openFleetWorld({ ...options, onProgress: say, signal: stopping.signal });
  try {
    await watchFleet(world, { say, signal: AbortSignal.any([stopping.signal, timeLimit(options.minutes)]) });
    return 0;
  } finally {
    say('stopping');
    await world.stop();
  }
}

async function watchFleet(
  world: FleetWorld,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  let before = world.figures();
  const looks: MemoryLook[] = [];
  for (let look = 1; !signal.aborted; look++) {
    if (look % pushEveryLooks === 0) await world.push();
    await systemClock.sleep(lookMs, signal);
    const after = world.figures();
    const { lines, sets, receipts, transitions, refusals } = await world.fleet.figures();
    say(
      `${lines} lines, ${sets} sets taken, ${transitions} transitions, ${receipts} receipts, ${refusals} refused; ${told(before, after)}`,
    );
    looks.push({ atMs: systemClock.now(), figures: after });
    before = after;
  }
  const slopes = Object.entries(memorySlopes(looks)).map(([name, perHour]) => `${name} ${perHour}`);
  say(`memory grew, in MB an hour: ${slopes.join(', ')}`);
}

/** Memory, and the processor time since the last line. */
function told(before: readonly ProcessFigure[], after: readonly ProcessFigure[]): string {
  const spent = cpuBetween(before, after);
  return after.map(({ name, memoryMb }) => `${name} ${memoryMb} MB ${spent[name]} s`).join(', ');
}

function timeLimit(minutes: number): AbortSignal {
  return Number.isFinite(minutes) ? AbortSignal.timeout(minutes * 60_000) : new AbortController().signal;
}

function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { agents: text, applications: text, replicas: text, minutes: text, 'no-verify': { type: 'boolean' } },
  });
  const options = {
    agents: Number(values.agents ?? 1_000),
    applications: Number(values.applications ?? 3),
    replicas: Number(values.replicas ?? 1),
    minutes: Number(values.minutes ?? Number.POSITIVE_INFINITY),
    verify: !values['no-verify'],
  };
  if ([options.agents, options.applications, options.replicas].every((each) => Number.isInteger(each) && each > 0))
    return options;
  throw new Fault({ code: 'invalid', reason: 'OptionsInvalid', message: usage });
}

try {
  process.exit(await main());
} catch (error) {
  if ((error as Error).name === 'AbortError') process.exit(130);
  const fault = toFault(error);
  process.stderr.write(`${fault.code === 'internal' ? fault.stack : fault.message}\n`);
  process.exit(fault.code === 'invalid' ? 2 : 1);
}
