import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { sampleDiffText } from '@flotilla/contracts/testing';
import { securityHeaders } from '../../../gateway/src/http/security-headers.ts';
import { findBrowser } from '../support/browser.ts';
import { buildMockPage } from '../support/mock-page.ts';
import { signIn } from '../support/sign-in.ts';
import { serveStaticPage, type StaticPage } from '../support/static-page.ts';
import { axeViolations, openPage, scrollsSideways, type Screen, type WatchedPage } from '../support/watched-page.ts';

const browser = await findBrowser();
let site: StaticPage;

beforeAll(async () => {
  const secure = (response: unknown) => securityHeaders({} as never, response as never, () => undefined);
  site = await serveStaticPage({ directory: buildMockPage(), secure });
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const screens: readonly Screen[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 390 },
];

/** An application of this name can be asked for as any other. */
const hostileName = encodeURIComponent('<img src=x onerror=alert(1)>');

/** Every page in every state of it that looks different, and what is there when it has been painted. */
const pages: readonly [name: string, path: string, painted: string, make?: (page: Page) => Promise<unknown>][] = [
  ['the overview', '/', 'text=recommendations in production'],
  ['a freeze that stands', '/', 'text=Acknowledged by 11 of 12 clusters, 1 offline'],
  ['a rollout that is halted, on the overview', '/', 'text=1 rollout is halted'],
  ['the pipelines', '/pipelines', 'text=waits for soak 4h, web quality.example.org'],
  ['a pipeline where people are waited for', '/pipelines/checkout', 'text=1 of 2 approvals (mara)'],
  ['a pipeline with a gate that the page does not know', '/pipelines/search', 'text=it answered 503, 3 times'],
  ['a stage that somebody holds', '/pipelines/accounts', 'text=flotilla unhold accounts.production'],
  ['a pipeline where nothing waits', '/pipelines/catalogue', 'text=Nothing waits before any stage'],
  ['a pipeline that is not there', '/pipelines/gone', 'text=No pipeline is known for it'],
  ['the rollouts', '/rollouts', 'text=1 failed, and at most 0 of wave canary may'],
  ['a rollout that is halted', '/rollouts/payments/production', 'text=unknown column settled_at'],
  ['a rollout that goes', '/rollouts/checkout/production', 'text=flotilla rollout pause checkout.production'],
  ['a rollout without waves', '/rollouts/accounts/staging', 'text=everybody at once'],
  ['a rollout that is not there', '/rollouts/newsletter/dev', 'text=No release ever entered here'],
  ['the rollbacks, and what they hold', '/rollbacks', 'text=flotilla unpin application mail --environment dev'],
  [
    'what going back would do',
    '/rollbacks?application=payments',
    'text=It would take back 17 targets',
    askWhatItWouldDo,
  ],
  ['what nobody chose', '/rollbacks', 'text=Choose what goes back', askWhatItWouldDo],
  ['a rollback whose clusters go back', '/rollbacks/rollback-mail', 'text=follows once the clusters went back'],
  [
    'a rollback whose pull request waits',
    '/rollbacks/rollback-catalogue',
    'text=https://git.example.org/shop/pulls/42',
  ],
  ['a rollback whose revert conflicts', '/rollbacks/rollback-accounts', 'text=a person has to decide'],
  ['a rollback that is not there', '/rollbacks/gone', 'text=There is no such rollback'],
  ['the targets', '/targets', 'text=100 of 134 targets are shown'],
  ['the targets of a filter', '/targets?application=payments', 'text=17 of 134 targets'],
  ['a filter that nothing matches', '/targets?health=Missing', 'text=No target matches'],
  ['a target that is Degraded', '/targets/payments-canary-canary-eu-north-1', 'text=7 restarts'],
  ['a target that is suspended', '/targets/search-staging-staging-eu-west-1', 'text=nothing is written to this target'],
  ['a target that drifted', '/targets/checkout-production-production-eu-west-1', 'text=kubectl-edit'],
  ['a target whose agent was asked', '/targets/checkout-production-production-eu-west-1', 'pre', askAgent],
  ['a target that is not there', '/targets/gone', 'text=There is no such target'],
  ['the clusters', '/clusters', 'text=behind: agent holds 1.41'],
  ['the events', '/events', 'text=index is being rebuilt'],
  ['the dead letters', '/dead-letters', 'text=flotilla deadletter replay 01jd3v9k2mq5x7'],
  ['an address that leads nowhere', '/nowhere', 'text=There is no such page'],
  ['a line that is cut', '/', 'text=stale since', (page) => page.evaluate('flotillaMock.cut({ down: true })')],
  ['the overview under attack', '/', 'text=<img src=x onerror=alert(1)>', attack],
  ['the events under attack', '/events', 'text=vbscript:msgbox(1)', attack],
  ['the targets under attack', '/targets?health=Degraded', 'text=<img src=x onerror=alert(1)>', attack],
  ['the pipelines under attack', '/pipelines', 'text=<img src=x onerror=alert(1)>', attack],
  ['a pipeline under attack', `/pipelines/${hostileName}`, 'text=<b>Dreams</b>', attack],
  ['the rollouts under attack', '/rollouts', 'text=<img src=x onerror=alert(1)>', attack],
  ['a rollout under attack', `/rollouts/${hostileName}/dev`, 'text=<b>Sleeping</b>', attack],
  ['the rollbacks under attack', '/rollbacks', 'text=user:<i>eve</i>', attack],
  ['a rollback under attack', '/rollbacks/rollback-hostile', 'text=<b>Wounded</b>', attack],
  ['the clusters under attack', '/clusters', 'text=javascript:alert(1)', attack],
];

async function attack(page: Page): Promise<void> {
  await page.evaluate('flotillaMock.attack()');
}

async function askWhatItWouldDo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show what it would do' }).click();
}

/** What it answers is read on the screen as it is in the terminal. */
async function askAgent(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ask the agent' }).click();
  expect(await page.locator('pre').textContent()).toBe(sampleDiffText);
}

describe.skipIf(!browser).each(screens)('in $scheme, $width wide', (screen) => {
  let watched: WatchedPage;

  beforeAll(async () => {
    watched = await openPage(browser!, screen);
    await watched.page.goto(site.url);
    await signIn(watched.page, 'mock');
    await watched.page.waitForSelector('table');
  });

  afterAll(() => watched?.context.close());

  it.each(pages)('%s can be used by everybody, fits, and keeps the policy', async (_, path, painted, make) => {
    const { page, complaints } = watched;
    const before = complaints.length;
    await page.goto(site.url + path);
    await page.waitForSelector('header output[data-phase=live]');
    await page.evaluate('flotillaMock.pause()');
    await make?.(page);
    await page.waitForSelector(painted, { state: 'attached' });
    expect({
      violations: await axeViolations(page),
      sideways: await scrollsSideways(page),
      complaints: complaints.slice(before),
    }).toEqual({ violations: [], sideways: false, complaints: [] });
  });

  it('the way in, and a token that is refused, are as usable', async () => {
    const { page, context, complaints } = await openPage(browser!, screen);
    await page.goto(site.url);
    await page.getByLabel('API token').waitFor();
    const empty = await axeViolations(page);
    await signIn(page, 'wrong');
    await page.waitForSelector('[role=alert]');
    const found = { empty, refused: await axeViolations(page), sideways: await scrollsSideways(page), complaints };
    await context.close();
    expect(found).toEqual({ empty: [], refused: [], sideways: false, complaints: [] });
  });
});
