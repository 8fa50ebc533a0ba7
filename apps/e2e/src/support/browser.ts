import { setTimeout as pause } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

const unpackingMaxMs = 60_000;
const retryMs = 500;

/**
 * A real Chromium without a window, unpacked from an npm package: nothing has to be installed on the machine. The first
 * suite that wants it unpacks it; what is still being written cannot be run (`ETXTBSY`), and the others wait for it.
 */
async function launchBrowser(triesLeft = unpackingMaxMs / retryMs): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  try {
    return await playwright.launch({ executablePath, args: ['--no-sandbox'], headless: true });
  } catch (thrown) {
    if (triesLeft === 0 || !String(thrown).includes('ETXTBSY')) throw thrown;
    await pause(retryMs);
    return launchBrowser(triesLeft - 1);
  }
}

/** A browser where one can start; elsewhere one line says why not, and the suites that need one are skipped. */
export async function findBrowser(): Promise<Browser | undefined> {
  try {
    return await launchBrowser();
  } catch (thrown) {
    const said = String(thrown);
    const [why] = /error while loading shared libraries.*/.exec(said) ?? said.split('\n');
    process.stdout.write(`Chromium cannot start on this machine (${why}): the suites in a browser are skipped\n`);
    return undefined;
  }
}
