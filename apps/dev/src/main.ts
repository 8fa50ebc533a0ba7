import { resolve } from 'node:path';
import { Fault, toFault } from '@flotilla/foundation';
import { checkoutDataDirectory } from '@flotilla/testing';
import { runCheck } from './check/run-check.ts';
import { openHouse, type House } from './house.ts';
import { demoHelp, readOptions } from './options.ts';
import { say } from './progress.ts';
import { printTour } from './tour.ts';

/** A small living fleet on this machine, from one command. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    say(demoHelp);
    return 0;
  }
  const stopping = stopSignal();
  say('Flotilla: a small living fleet');
  const opening = openHouse(options, resolve(options.data ?? process.env.FLOTILLA_DATA ?? checkoutDataDirectory));
  const house = await opening;
  try {
    if (options.check) return await Promise.race([runCheck(house), stopping.then(() => 130)]);
    printTour(house);
    await stopping;
    return 0;
  } finally {
    await close(house);
  }
}

/** The first Ctrl-C ends in order, the second one at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolvePromise) => {
    let asked = 0;
    const ask = () => {
      if (++asked > 1) process.exit(130);
      resolvePromise();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}

async function close(house: House): Promise<void> {
  say('stopping');
  await house.stop();
}

try {
  process.exit(await main());
} catch (error) {
  const fault = toFault(error);
  process.stderr.write(`${fault instanceof Fault && fault.code !== 'internal' ? fault.message : fault.stack}\n`);
  process.exit(fault.code === 'invalid' ? 2 : 1);
}
