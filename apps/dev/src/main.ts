import { resolve } from 'node:path';
import { toFault } from '@flotilla/foundation';
import { checkoutDataDirectory } from '@flotilla/testing';
import { runCheck } from './check/run-check.ts';
import { DataDirectory } from './data-directory.ts';
import { openHouse } from './house.ts';
import { demoHelp, readOptions } from './options.ts';
import { say } from './progress.ts';
import { aborted, interruptedCode, stopSignal } from './stop-signal.ts';
import { printTour } from './tour.ts';

/** A small living fleet on this machine, from one command. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    say(demoHelp);
    return 0;
  }
  const data = await DataDirectory.open(resolve(options.data ?? process.env.FLOTILLA_DATA ?? checkoutDataDirectory));
  const signal = stopSignal(() => data.processes.killAll());
  say('Flotilla: a small living fleet');
  const house = await openHouse({ options, data, signal });
  try {
    if (options.check) return await Promise.race([runCheck(house), aborted(signal).then(() => interruptedCode)]);
    printTour(house);
    await aborted(signal);
    return 0;
  } finally {
    say('stopping');
    await house.stop();
  }
}

try {
  process.exit(await main());
} catch (error) {
  if ((error as Error).name === 'AbortError') process.exit(interruptedCode);
  const fault = toFault(error);
  process.stderr.write(`${fault.code === 'internal' ? fault.stack : fault.message}\n`);
  process.exit(fault.code === 'invalid' ? 2 : 1);
}
