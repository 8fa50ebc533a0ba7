import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/** A real Chromium without a window, unpacked from an npm package: nothing has to be installed on the machine. */
async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'], headless: true });
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
