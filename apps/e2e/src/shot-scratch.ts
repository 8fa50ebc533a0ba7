import { launchBrowser } from './support/browser.ts';
import { serveStaticPage } from './support/static-page.ts';
import { securityHeaders } from '../../gateway/src/http/security-headers.ts';
import { readFileSync } from 'node:fs';
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const site = await serveStaticPage({
  directory: 'apps/web/dist-mock',
  secure: (r) => securityHeaders({} as never, r as never, () => undefined),
});
const browser = await launchBrowser();
const only = process.argv[2];
for (const scheme of ['light', 'dark'] as const)
  for (const width of [1280, 800]) {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height: 900 },
      timezoneId: 'Europe/Berlin',
    });
    const page = await context.newPage();
    page.on('console', (m) => m.type() !== 'debug' && console.log('console', m.type(), m.text()));
    page.on('pageerror', (e) => console.log('pageerror', e.message));
    const shot = async (name: string) => {
      if (only && !name.includes(only)) return;
      await page.waitForTimeout(250);
      await page.evaluate(axe);
      const violations = (await page.evaluate(
        `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0,3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.failureSummary)).join(' | ')))`,
      )) as string[];
      if (violations.length) console.log(`${name} ${scheme} ${width}:`, violations);
      const over = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      if (over) console.log(name, scheme, width, 'scrolls sideways');
      await page.screenshot({ path: `/tmp/shots/${name}-${scheme}-${width}.png`, fullPage: true });
    };
    await page.goto(site.url);
    await page.waitForSelector('input');
    await shot('signin');
    await page.getByLabel('API token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert] >> text=not known');
    await shot('signin-wrong');
    await page.getByLabel('API token').fill('mock');
    await page.keyboard.press('Enter');
    await page.waitForSelector('table');
    await page.waitForTimeout(6000);
    await page.evaluate('flotillaMock.pause()');
    await shot('overview');
    await page.getByRole('link', { name: 'Targets', exact: true }).click();
    await page.waitForSelector('text=Name contains');
    await shot('targets');
    await page.keyboard.press('/');
    await page.keyboard.type('payments');
    await page.waitForTimeout(200);
    await shot('targets-filtered');
    await page.getByLabel('Health').selectOption('Missing');
    await shot('targets-none');
    await page.goto(site.url + '/targets/payments-canary-canary-eu-north-1');
    await page.waitForSelector('text=Resources');
    await page.evaluate('flotillaMock.pause()');
    await shot('story');
    await page.goto(site.url + '/targets/search-staging-staging-eu-west-1');
    await page.waitForSelector('text=Resources');
    await page.evaluate('flotillaMock.pause()');
    await shot('story-suspended');
    await page.goto(site.url + '/targets/checkout-production-production-eu-west-1');
    await page.waitForSelector('text=Resources');
    await page.evaluate('flotillaMock.pause()');
    await shot('story-drift');
    await page.getByRole('link', { name: 'Clusters', exact: true }).click();
    await page.waitForTimeout(300);
    await shot('clusters');
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.waitForTimeout(300);
    await page.evaluate('flotillaMock.deploy("checkout", "dev")');
    await page.evaluate('flotillaMock.deploy("accounts", "production")');
    await shot('events');
    await page.evaluate('flotillaMock.cut({down: true})');
    await page.waitForSelector('text=stale since');
    await shot('cut');
    await page.evaluate('flotillaMock.cut()');
    await page.evaluate('flotillaMock.attack()');
    await page.waitForSelector('text=live');
    await page.waitForTimeout(300);
    await shot('events-hostile');
    await page.goto(site.url + '/nowhere');
    await page.waitForSelector('text=no such page');
    await shot('missing');
    await context.close();
  }
await browser.close();
await site.stop();
