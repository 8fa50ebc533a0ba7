import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import type { DesiredEntry } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { callFlotilla } from '../support/call-flotilla.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const digest = `sha256:${'c'.repeat(64)}`;
let plane: PlaneFixture;
let agent: RawAgent;
let database: Client;

beforeAll(async () => {
  plane = await startPlane({ replicas: 2 });
  database = new Client({ connectionString: plane.databaseUrl });
  await database.connect();
  await plane.git.createRepository('shop', { 'services/checkout/dev/a.yaml': 'a: 1' });
  const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  agent = await RawAgent.enrol(plane.client, plane.urls[1]!, { name: 'eu-1', labels: { dev: 'true' } });
});

afterAll(async () => {
  await database?.end();
  await agent?.stop();
  await plane?.stop();
});

/** The program as whoever set it up calls it. */
const flotilla = (...args: readonly string[]) => callFlotilla(plane, plane.secrets.bootstrapToken, args);

const jsonOf = async (...args: readonly string[]) =>
  JSON.parse((await flotilla(...args, '-o', 'json')).out) as { items: Record<string, unknown>[] };

/** The agent takes the commit, and says that it runs with this image. */
async function deploys(files: Record<string, string>, image: string): Promise<DesiredEntry> {
  const commit = await plane.git.commit('shop', files);
  await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  const entry = await until(
    () => {
      agent.hello();
      return agent.sets.flatMap(({ entries }) => entries).find(({ source }) => source.revision === commit);
    },
    { what: 'the set', intervalMs: 200 },
  );
  const number = agent.report([agent.well(entry, { images: [image] })]);
  await until(() => agent.receipts.includes(number), { what: 'the receipt' });
  return entry;
}

const isSealed = () =>
  until(async () => (await plane.client.call(operations.listLedgerLines, { query: { limit: 1 } })).unsealed === 0, {
    what: 'everything to be sealed',
  });

describe('an incident, looked at afterwards', () => {
  it('what ran then, who ever ran the image, what was done and by whom, and that nobody changed the record', async () => {
    const first = await deploys({ 'services/checkout/dev/a.yaml': 'a: 2' }, 'ghcr.io/shop/checkout:1.0');
    const before = new Date().toISOString();
    const second = await deploys({ 'services/checkout/dev/a.yaml': 'a: 3' }, `ghcr.io/shop/checkout:1.1@${digest}`);
    const place = ['--application', 'checkout', '--environment', 'dev'];
    await flotilla('suspend', 'application', 'checkout', '--reason', 'incident 42');

    const [then, now] = [await jsonOf('ran', '--at', before, ...place), await jsonOf('ran', ...place)];
    const ever = await jsonOf('ran', '--image', 'ghcr.io/shop/checkout');
    const bad = await jsonOf('ran', '--image', `@${digest}`);
    expect({
      before: then.items.map(({ revision, cluster, ended }) => [revision, cluster, ended]),
      now: now.items.map(({ revision, images }) => [revision, images]),
      ever: ever.items.map(({ cluster, until: end }) => [cluster, end]),
      bad: bad.items.map(({ revision, cluster }) => [revision, cluster]),
    }).toEqual({
      before: [[first.source.revision, 'eu-1', 'replaced']],
      now: [[second.source.revision, [`ghcr.io/shop/checkout:1.1@${digest}`]]],
      ever: [['eu-1', undefined]],
      bad: [[second.source.revision, 'eu-1']],
    });

    const compared = await flotilla('compare', '--from', before, '-o', 'json');
    const rows = (JSON.parse(compared.out) as typeof ever).items;
    expect([compared.code, rows.map(({ what }) => what)]).toEqual([1, ['revision', 'source digest', 'images']]);

    const done = await jsonOf('ledger', 'list', '--action', 'target.suspend', '--since', '1h ago');
    expect(done.items.map(({ actor, subject, message }) => [actor, subject, message])).toEqual([
      ['user:bootstrap', 'Target default/checkout.dev.eu-1', expect.stringContaining('incident 42')],
    ]);

    await isSealed();
    const exported = await flotilla('ledger', 'export');
    const file = join(plane.directory, 'ledger.jsonl');
    await writeFile(file, exported.out);
    const [whole, fromFile] = [await flotilla('ledger', 'verify'), await flotilla('ledger', 'verify', '--from', file)];
    const fits = expect.stringContaining('everything is as it was sealed');
    expect([whole, fromFile]).toMatchObject([
      { code: 0, out: fits },
      { code: 0, out: fits },
    ]);

    // Whoever has the database is not whoever it says that he is.
    await database.query(`UPDATE ledger SET actor = 'user:somebody-else' WHERE action = 'target.suspend'`);
    const { rows: forged } = await database.query<{ seq: string }>(
      `SELECT seq FROM ledger WHERE action = 'target.suspend'`,
    );
    const [changed, kept] = [await flotilla('ledger', 'verify'), await flotilla('ledger', 'verify', '--from', file)];
    expect([changed.code, changed.out.split('\n')[0], kept.code]).toEqual([
      1,
      `Verdict:  line ${forged[0]!.seq} was changed`,
      0,
    ]);
    await database.query(`UPDATE ledger SET actor = 'user:bootstrap' WHERE action = 'target.suspend'`);
  }, 120_000);

  it('after both gateways, which seal, were killed, the chain goes on', async () => {
    await plane.crashServices();
    await until(() => flotilla('cluster', 'label', 'eu-1', 'seen=true').then(({ code }) => code === 0), {
      what: 'the services',
      timeoutMs: 60_000,
      intervalMs: 500,
    });
    await isSealed();
    expect((await flotilla('ledger', 'verify')).out).toContain('everything is as it was sealed');
  }, 120_000);
});
