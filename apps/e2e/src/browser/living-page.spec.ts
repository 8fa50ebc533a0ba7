import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assertThat } from '@flotilla/foundation';
import { hostileStrings } from '../../../web/src/mock/hostile-strings.ts';
import { visibleText } from '../../../web/src/text/visible-text.ts';
import { securityHeaders } from '../../../gateway/src/http/security-headers.ts';
import { findBrowser } from '../support/browser.ts';
import { buildMockPage } from '../support/mock-page.ts';
import { signIn } from '../support/sign-in.ts';
import { serveStaticPage, type StaticPage } from '../support/static-page.ts';
import { openPage, type WatchedPage } from '../support/watched-page.ts';

const browser = await findBrowser();
let site: StaticPage;
let watched: WatchedPage;

beforeAll(async () => {
  const secure = (response: unknown) => securityHeaders({} as never, response as never, () => undefined);
  site = await serveStaticPage({ directory: buildMockPage(), secure });
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

describe.skipIf(!browser)('the page, while its fleet lives', () => {
  beforeEach(async () => {
    watched = await openPage(browser!, { scheme: 'light', width: 1280 });
    await watched.page.goto(`${site.url}/targets?application=checkout`);
    await signIn(watched.page, 'mock');
    await watched.page.waitForSelector('table');
    await watched.page.evaluate('flotillaMock.pause()');
  });

  afterEach(async () => {
    const { complaints, context } = watched;
    await context.close();
    assertThat(complaints.length === 0, `nothing was complained about: ${complaints.join('; ')}`);
  });

  it('comes back after signing in to the very address that was opened', async () => {
    expect(watched.page.url()).toBe(`${site.url}/targets?application=checkout`);
    expect(await watched.page.getByLabel('Application').inputValue()).toBe('checkout');
  });

  it('shows a change without being loaded again', async () => {
    const { page } = watched;
    await page.evaluate('globalThis.sameDocument = true');
    await page.evaluate('flotillaMock.deploy("checkout", "dev")');
    const row = page.locator('tbody tr', { hasText: 'dev-eu-west-1' });
    await row.getByText('OutOfSync').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    expect(await page.evaluate('sameDocument')).toBe(true);
  });

  it('follows a rollout wave by wave, and says when it is halted', async () => {
    const { page } = watched;
    await page.goto(`${site.url}/rollouts/accounts/production`);
    await page.waitForSelector('header output[data-phase=live]');
    await page.evaluate('flotillaMock.pause()');
    await page.getByTitle('Rollout: Finished').waitFor();
    await page.evaluate('flotillaMock.deploy("accounts", "production")');
    const first = page.getByRole('listitem', { name: 'canary' });
    await first.getByText('2 UnderWay', { exact: true }).waitFor();
    await page.evaluate('flotillaMock.arrive("accounts", "production")');
    await first.getByText('2 of 2 done').waitFor();
    await page.getByRole('listitem', { name: 'quarter' }).getByText('3 UnderWay', { exact: true }).waitFor();
    await page.evaluate('flotillaMock.fail("accounts", "production")');
    await page.getByText('Halted: nobody else is admitted').waitFor();
    const failed = page.getByRole('region', { name: 'Clusters that failed' });
    const reasons = failed.getByText('Deployment has not got a new replica ready');
    await reasons.nth(2).waitFor();
    expect(await reasons.count()).toBe(3);
  });

  it('says what going back would do, from an address that can be sent to somebody, and gives the command', async () => {
    const { page } = watched;
    await page.goto(`${site.url}/rollbacks`);
    await page.waitForSelector('header output[data-phase=live]');
    await page.evaluate('flotillaMock.pause()');
    await page.getByLabel('Application', { exact: true }).selectOption('search');
    await page.getByLabel('Labels of clusters').fill('stage in (staging,production)');
    await page.keyboard.press('Enter');
    await page.getByText('It would take back 12 targets').waitFor();
    await page.getByText("flotilla rollback search -l 'stage in (staging,production)' --reason REASON").waitFor();
    const passedBy = await page.getByText('index is being rebuilt by hand').count();
    await page.getByLabel('Environment', { exact: true }).selectOption('staging');
    await page.getByText('It would take back').waitFor({ state: 'detached' });
    await page.waitForURL('**/rollbacks?*environment=staging*');
    const { searchParams } = new URL(page.url());
    expect({ passedBy, address: Object.fromEntries(searchParams) }).toEqual({
      passedBy: 2,
      address: { application: 'search', environment: 'staging', selector: 'stage in (staging,production)' },
    });
  });

  it('says since when it is stale, and is right again, with what vanished gone, when the line is back', async () => {
    const { page } = watched;
    const row = page.locator('tbody tr', { hasText: 'dev-eu-west-1' });
    await page.evaluate('flotillaMock.cut({ down: true })');
    await page.getByText(/^stale since \d\d:\d\d:\d\d$/).waitFor();
    await page.evaluate('flotillaMock.removeTarget("checkout-dev-dev-eu-west-1")');
    const whileCut = await row.count();
    await page.evaluate('flotillaMock.cut()');
    await page.getByText('live', { exact: true }).waitFor();
    await row.waitFor({ state: 'detached' });
    expect(whileCut).toBe(1);
  });

  it('AT-27: words of others are words, in every place where somebody else may write', async () => {
    const { page } = watched;
    const markup =
      'document.querySelectorAll("main :is(img, script, iframe, a[href^=javascript], [onload], [onerror])").length';
    await page.evaluate('flotillaMock.attack()');
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByText('vbscript:msgbox(1)').first().waitFor();
    const cells = new Set(await page.locator('tbody td bdi').allTextContents());
    const missing = hostileStrings.filter((text) => !cells.has(visibleText(text)));
    const inEvents = await page.evaluate(markup);
    await page.getByRole('link', { name: 'Targets' }).click();
    await page.locator('tbody a', { hasText: 'onerror' }).click();
    await page.waitForURL('**/targets/target-hostile');
    await page.getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByText('nothing is written to this target').waitFor();
    const inStory = await page.evaluate(markup);
    await page.getByRole('link', { name: 'Rollouts', exact: true }).click();
    await page.locator('tbody a', { hasText: 'onerror' }).click();
    await page.getByText('<b>Sleeping</b>').first().waitFor();
    await page.getByText("flotilla rollout skip '<img src=x onerror=alert(1)>.dev'").waitFor();
    const inRollout = await page.evaluate(markup);
    await page.getByRole('link', { name: '<img src=x onerror=alert(1)>', exact: true }).click();
    await page.getByText("flotilla quarantine lift '<img src=x onerror=alert(1)>' '$(alert 1); '").waitFor();
    const gates = new Set(await page.locator('li strong bdi').allTextContents());
    const missingGates = hostileStrings.filter((text) => !gates.has(visibleText(text)));
    const inPipeline = await page.evaluate(markup);
    await page.getByRole('link', { name: 'Rollbacks' }).click();
    await page.locator('tbody a', { hasText: 'onerror' }).click();
    await page.getByText('<b>Wounded</b>').first().waitFor();
    const hrefs = await page
      .locator('main dd a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    const inRollback = await page.evaluate(markup);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('</script><script>alert(1)</script> owns it').waitFor();
    await page.getByText("flotilla unfreeze '$(alert 1); alert 2'").waitFor();
    expect({
      missing,
      inEvents,
      inStory,
      inRollout,
      missingGates,
      inPipeline,
      hrefs,
      inRollback,
      inFreezes: await page.evaluate(markup),
    }).toEqual({
      missing: [],
      inEvents: 0,
      inStory: 0,
      inRollout: 0,
      missingGates: [],
      inPipeline: 0,
      hrefs: [],
      inRollback: 0,
      inFreezes: 0,
    });
  });

  it('keeps in the address what is looked at, so that it can be sent to somebody', async () => {
    const { page, context } = watched;
    await page.getByLabel('Environment').selectOption('production');
    await page.getByLabel('Name contains').fill('us-');
    await page.getByText('4 of 134 targets').waitFor();
    await page.waitForURL('**/targets?*text=us-*');
    const other = await context.newPage();
    await other.goto(page.url());
    await signIn(other, 'mock');
    await other.getByText('4 of 134 targets').waitFor();
    expect(await other.getByLabel('Environment').inputValue()).toBe('production');
  });

  it('can be used by keyboard alone: past the header, to the filter, into a story and back', async () => {
    const { page } = watched;
    const focused = () => page.evaluate('document.activeElement.textContent || document.activeElement.tagName');
    await page.reload();
    await page.waitForSelector('table');
    await page.keyboard.press('Tab');
    const first = await focused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await page.keyboard.type('dev');
    await page.getByText('1 of 134 targets').waitFor();
    await page.locator('tbody a').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'checkout in dev on dev-eu-west-1' }).waitFor();
    const inStory = await page.evaluate('document.activeElement.id');
    await page.goBack();
    await page.getByText('1 of 134 targets').waitFor();
    expect({ first, inStory }).toEqual({ first: 'Skip to the content', inStory: 'main' });
  });

  it('is auto, light or dark as it was chosen, from the first moment of the next visit', async () => {
    const { page } = watched;
    const scheme = () => page.evaluate('document.documentElement.dataset.mantineColorScheme');
    const seen = [await scheme()];
    for (const next of ['light', 'dark']) {
      await page.getByRole('button', { name: `Change to ${next}` }).click();
      await page.getByRole('button', { name: `Colour scheme: ${next}` }).waitFor();
      seen.push(await scheme());
    }
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload({ waitUntil: 'domcontentloaded' });
    seen.push(await scheme());
    expect(seen).toEqual(['light', 'light', 'dark', 'dark']);
  });
});

describe('the weight of the first page', () => {
  it('stays under 260 kB of what the browser must load before it shows anything', async () => {
    const kilobytes = await firstPageKilobytes();
    process.stdout.write(`the first page weighs ${kilobytes.toFixed(0)} kB, compressed\n`);
    expect(kilobytes).toBeLessThan(260);
  });
});

/** The page, and every script and style that it names, as gzip would send them. */
async function firstPageKilobytes(): Promise<number> {
  const html = await (await fetch(site.url)).text();
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  const bodies = await Promise.all(named.map(async (path) => (await fetch(site.url + path)).text()));
  return [html, ...bodies].reduce((sum, text) => sum + gzipSync(text).length, 0) / 1000;
}
