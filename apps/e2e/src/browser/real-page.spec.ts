import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { until } from '@flotilla/testing';
import { findBrowser } from '../support/browser.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { signIn } from '../support/sign-in.ts';
import { axeViolations, openPage, type WatchedPage } from '../support/watched-page.ts';

const params = { project: 'default' };
const browser = await findBrowser();
let plane: PlaneFixture;
let agent: RawAgent;
let watched: WatchedPage;

/** One story on a real control plane: the page is opened once and never loaded again. */
describe.skipIf(!browser)('the page of a real control plane', () => {
  beforeAll(async () => {
    plane = await startPlane();
    await plane.git.createRepository('shop', { 'services/checkout/dev/a.yaml': 'a: 1' });
    watched = await openPage(browser!, { scheme: 'dark', width: 1280 });
    await watched.page.goto(`${plane.urls[0]}/clusters`);
  });

  afterAll(async () => {
    await browser?.close();
    await agent?.stop();
    await plane?.stop();
  });

  it('lets nobody in with a wrong token, and says what to do', async () => {
    const { page } = watched;
    await signIn(page, 'flt_wrong');
    await page.getByText('Ask an administrator for a new one').waitFor();
    expect(await page.getByLabel('API token').isVisible()).toBe(true);
  });

  it('names the next command where there is nothing yet', async () => {
    const { page } = watched;
    await signIn(page, plane.secrets.bootstrapToken);
    await page.getByText('No cluster has joined yet').waitFor();
    const clusters = await page.locator('code').textContent();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('No application yet').waitFor();
    const overview = await page.locator('code').textContent();
    expect([clusters, overview, await axeViolations(page)]).toEqual([
      'flotilla cluster join NAME',
      'flotilla apply -f fleet.yaml',
      [],
    ]);
  });

  it('shows what is applied, joins and goes wrong, as it happens', async () => {
    const { page } = watched;
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    await page.getByRole('rowheader', { name: 'checkout' }).waitFor();
    agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'dev-1', labels: { dev: 'true' } });
    agent.hello();
    const set = await until(() => agent.sets.find(({ entries }) => entries.length === 1), { what: 'the set' });
    agent.report([agent.well(set.entries[0]!)]);
    const square = page.getByRole('link', { name: /^checkout in dev:/ });
    await square.getByText('Healthy').waitFor();
    const reason = { code: 'ImagePullBackOff', message: '<img src=x onerror=alert(1)>' };
    agent.report([agent.well(set.entries[0]!, { health: 'Degraded', reason })]);
    await square.getByText('Degraded').waitFor();
    await square.click();
    await page.getByRole('heading', { level: 1, name: 'Targets' }).waitFor();
    await page.getByRole('link', { name: /^checkout/ }).click();
    await page.getByRole('heading', { level: 1, name: 'checkout in dev on dev-1' }).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  });

  it('shows its rollout, its pipeline and what going back would do, as the control plane tells them', async () => {
    const { page } = watched;
    await page.getByRole('link', { name: 'Rollouts', exact: true }).click();
    await page.getByRole('link', { name: 'checkout.dev' }).click();
    const failed = page.getByRole('region', { name: 'Clusters that failed' });
    await failed.getByText('<img src=x onerror=alert(1)>').waitFor();
    await page.getByRole('link', { name: 'checkout', exact: true }).click();
    await page.getByRole('cell', { name: 'each commit of main of shop' }).waitFor();
    await page.getByText('Nothing waits before any stage').waitFor();
    await page.getByRole('link', { name: 'Rollbacks' }).click();
    // The pipeline that is left has a choice of applications too.
    await page.getByRole('heading', { level: 1, name: 'Rollbacks' }).waitFor();
    await page.getByLabel('Application', { exact: true }).selectOption('checkout');
    await page.getByRole('button', { name: 'Show what it would do' }).click();
    await page.getByText('NothingGood').waitFor();
    expect(await page.getByText('It would take nothing back').count()).toBe(1);
  });

  it('breaks no rule of the policy that the gateway sends, and says nothing that it should not', async () => {
    const { page, complaints } = watched;
    const answer = await page.request.get(page.url(), { headers: { accept: 'text/html' } });
    expect([answer.headers()['content-security-policy'], complaints, await axeViolations(page)]).toEqual([
      expect.stringContaining("default-src 'self'"),
      [],
      [],
    ]);
  });

  it('is sent packed', async () => {
    const { page } = watched;
    const [script] = await page.locator('script[type=module]').all();
    const answer = await page.request.get(new URL((await script!.getAttribute('src'))!, page.url()).href);
    expect([answer.status(), answer.headers()['content-encoding']]).toEqual([200, 'gzip']);
  });
});
