import { resolve } from 'node:path';
import { toFault } from '@flotilla/foundation';
import { checkoutDataDirectory, temporaryDirectory } from '@flotilla/testing';
import { runCheck } from './check/run-check.ts';
import { DataDirectory } from './data-directory.ts';
import { openHouse, type House } from './house.ts';
import { demoHelp, readOptions, type DemoOptions } from './options.ts';
import { say } from './progress.ts';
import { aborted, interruptedCode, stopSignal } from './stop-signal.ts';
import { expectNewFolder, runStory } from './story/run-story.ts';
import { printTour } from './tour.ts';

/** A small living fleet on this machine, from one command. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    say(demoHelp);
    return 0;
  }
  const place = await placeOf(options);
  try {
    return await runIn(place.path, options);
  } finally {
    await place.remove();
  }
}

interface Place {
  readonly path: string;
  remove(): Promise<void>;
}

/** A story is told from its beginning, so it has a folder of its own, which goes with it. */
async function placeOf({ data, story }: DemoOptions): Promise<Place> {
  const given = data ?? process.env.FLOTILLA_DATA;
  if (story && given === undefined) return temporaryDirectory('story');
  const path = resolve(given ?? checkoutDataDirectory);
  if (story) await expectNewFolder(path);
  return { path, remove: async () => undefined };
}

async function runIn(path: string, options: DemoOptions): Promise<number> {
  const data = await DataDirectory.open(path);
  const signal = stopSignal(() => data.processes.killAll());
  say('Flotilla: a small living fleet');
  const house = await openHouse({ options, data, signal });
  try {
    return await Promise.race([live(house, options, signal), aborted(signal).then(() => interruptedCode)]);
  } finally {
    say('stopping');
    await house.stop();
  }
}

/** What it runs for: to walk the road, to tell a story, or to be there for a person until he stops it. */
async function live(house: House, { check, story, keep }: DemoOptions, signal: AbortSignal): Promise<number> {
  if (check) return runCheck(house);
  const code = story ? await runStory(house, signal) : 0;
  if (story && !keep) return code;
  printTour(house);
  await aborted(signal);
  return code;
}

try {
  process.exit(await main());
} catch (error) {
  if ((error as Error).name === 'AbortError') process.exit(interruptedCode);
  const fault = toFault(error);
  process.stderr.write(`${fault.code === 'internal' ? fault.stack : fault.message}\n`);
  process.exit(fault.code === 'invalid' ? 2 : 1);
}
