import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokensCases } from '@flotilla/control-access/testing';
import {
  deliveryRecordCases,
  conflictCases,
  heldStageCases,
  promotionCases,
  promotionConflictCases,
  recoveryCases,
  rollbackCases,
  waveCases,
  waveGateCases,
  writerCases,
} from '@flotilla/control-delivery/testing';
import { joinTokenHash } from '@flotilla/control-fleet';
import { clusterCases, keyCases, livenessCases } from '@flotilla/control-fleet/testing';
import { applyDocuments } from '@flotilla/control-sources';
import { sourcesCases } from '@flotilla/control-sources/testing';
import { ClusterStore, IdempotencyStore, migrate, TokenStore } from '@flotilla/control-store';
import { systemActor } from '@flotilla/model';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { storeOfSpec } from '../support/store-of-spec.ts';
import {
  openPlane,
  storedDeliveryWorld,
  storedFleetWorld,
  storedPromotionWorld,
  storedSourcesWorld,
  today,
} from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = systemActor('test');

describe('the tables', () => {
  it('are what the rows say they are, also when two replicas migrate at once', async () => {
    const database = await fixture.database();
    await Promise.all([migrate(database), migrate(database)]);
    const difference = await database.driver.createSchemaBuilder().log();
    expect(difference.upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('a condition that is missing', () => {
  it('is refused, and never read as "any row"', async () => {
    const { store, database } = await fixture.store();
    await new TokenStore(store).ensure({ hash: 'a-hash', name: 'ann', permission: 'admin' });
    for (const hash of [undefined, null]) {
      const where = { hash: hash as unknown as string };
      await expect(database.manager.findOneBy('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
      await expect(database.manager.findBy('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
      await expect(database.manager.update('ApiTokenRow', where, { name: 'bob' })).rejects.toThrow(/undefined|null/);
      await expect(database.manager.delete('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
    }
    expect(await store.query('SELECT name FROM api_token')).toEqual([{ name: 'ann' }]);
  });
});

describe('documents and revisions in PostgreSQL', () => {
  it.each(sourcesCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedSourcesWorld(fixture))).resolves.toBeUndefined();
  });
});

describe.each([
  ['deliveries in PostgreSQL', deliveryRecordCases],
  ['rollouts in waves in PostgreSQL', waveCases],
  ['AT-43: epochs in PostgreSQL', recoveryCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedDeliveryWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('promotion in PostgreSQL', () => {
  it.each(
    [...promotionCases, ...promotionConflictCases, ...waveGateCases, ...writerCases, ...heldStageCases].map(
      (one) => [one.title, one] as const,
    ),
  )('%s', async (_title, { run }) => {
    await expect(run(await storedPromotionWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('AT-09: rollbacks in PostgreSQL', () => {
  it.each([...rollbackCases, ...conflictCases].map((one) => [one.title, one] as const))(
    '%s',
    async (_title, { run }) => {
      await expect(run(await storedDeliveryWorld(fixture))).resolves.toBeUndefined();
    },
  );
});

describe('documents', () => {
  it('are refused with the place of each problem, and then nothing at all is changed', async () => {
    const { documents } = await openPlane(fixture);
    const text = fleetDocuments(['billing']).replace('pipeline: standard', 'pipeline: standrd');
    const { plan, problems } = await applyDocuments(documents, {
      project: 'default',
      files: [{ file: 'b.yaml', text }],
      by,
      dryRun: false,
    });
    expect(problems).toMatchObject([
      { file: 'b.yaml', line: 22, path: 'spec.pipeline', message: 'there is no Pipeline default/standrd' },
    ]);
    expect(plan.problems).toHaveLength(1);
    expect((await documents.all('default')).some(({ document }) => document.metadata.name === 'billing')).toBe(false);
  });
});

describe.each([
  ['AT-24: clusters and join tokens in PostgreSQL', clusterCases],
  ['AT-25: the keys of clusters in PostgreSQL', keyCases],
  ['liveness in PostgreSQL', livenessCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedFleetWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('API tokens in PostgreSQL', () => {
  it.each(tokensCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const { store } = await fixture.store();
    const lines = () =>
      store.query<{ action: string; subject: string; message: string }>(
        'SELECT action, subject, message FROM ledger ORDER BY id',
      );
    const world = { tokens: new TokenStore(store), lines };
    await expect(run(world)).resolves.toBeUndefined();
  });
});

describe('the ledger', () => {
  it('AT-24: names every key that came with a join token, and was refused', async () => {
    const { store, join } = await openPlane(fixture);
    await join('c1', {});
    const clusters = new ClusterStore(store);
    const attempt = { tokenHash: joinTokenHash('c1'), kubernetesUid: 'k', ...today() };
    for (const userKey of ['U1', 'U2', 'U1']) await clusters.enrol({ ...attempt, userKey });
    expect(await store.query(`SELECT message FROM ledger WHERE action LIKE 'cluster.enrol%' ORDER BY id`)).toEqual([
      { message: 'c1 enrolled' },
      { message: 'a join token for c1 was refused: used' },
      { message: 'c1 enrolled' },
    ]);
  });
});

describe('an idempotency key', () => {
  const request = { principal: 'ann', key: 'k', requestDigest: 'd' };

  it('gives the first answer again, and tells what is under way from what is another request', async () => {
    const { store } = await fixture.store();
    const keys = new IdempotencyStore(store);
    expect(await keys.begin(request)).toEqual({ ok: true, value: undefined });
    expect(await keys.begin(request)).toEqual({ ok: false, reason: 'in-flight' });
    await keys.finish(request, { status: 201, body: { a: 1 } });
    expect(await keys.begin(request)).toEqual({ ok: true, value: { status: 201, body: { a: 1 } } });
    expect(await keys.begin({ ...request, requestDigest: 'other' })).toEqual({ ok: false, reason: 'other-request' });
  });
});
