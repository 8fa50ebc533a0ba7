import { operations, type DocumentView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { planeWith, sampleDocument, worldOf } from '../testing/sample-fleet.ts';

const frozen: DocumentView = sampleDocument('Freeze', 'year-end', {
  spec: { environments: ['production'], scope: 'deploys', reason: 'holidays', until: '2027-01-04T08:00:00.000Z' },
  status: {
    freeze: {
      state: 'InForce',
      by: 'user:ann',
      since: '2025-12-31T20:00:00.000Z',
      expires: '2027-01-04T08:00:00.000Z',
      clusters: 100,
      acknowledged: 97,
      offline: 3,
      unplanned: 0,
    },
  },
});

const some = { targets: 300, applications: 2, environments: 1, clusters: 150 };

function taking(blast = some) {
  const change = { kind: 'Freeze', project: 'default', name: 'year-end', fields: [] as string[], blast } as const;
  return planeWith({ documents: [frozen] })
    .on(operations.applyDocuments, ({ body }) => ({
      dryRun: (body as { dryRun: boolean }).dryRun,
      changes: [{ action: 'create' as const, ...change }],
    }))
    .on(operations.deleteDocument, ({ query }) => ({
      dryRun: query['dryRun'] === 'true',
      changes: [{ action: 'delete' as const, ...change }],
    }));
}

/** The document that a call sends. */
async function sent(...args: readonly string[]): Promise<unknown> {
  const plane = taking();
  const { code } = await worldOf(plane).run('freeze', 'year-end', ...args);
  const [order = ''] = plane.orders;
  const body = JSON.parse(order.slice(order.indexOf('{'))) as { files: { text: string }[] };
  return [code, (JSON.parse(body.files[0]!.text) as { spec: unknown }).spec];
}

describe('freeze', () => {
  it('sends a document that ends by itself: a duration counts from now', async () => {
    const flags = ['--environment', 'production', '--environment', 'staging', '--reason', 'incident 42'];
    const spec = { environments: ['production', 'staging'], scope: 'deploys', reason: 'incident 42' };
    expect(await sent(...flags, '--until', '4h')).toEqual([0, { ...spec, until: '2026-01-01T04:00:00.000Z' }]);
  });

  it('or that says that it does not, about clusters by their labels', async () => {
    const flags = ['-l', 'stage=production,!canary', '--scope', 'all', '--reason', 'audit', '--until', 'lifted'];
    const matchExpressions = [
      { key: 'stage', operator: 'In', values: ['production'] },
      { key: 'canary', operator: 'DoesNotExist' },
    ];
    const spec = { clusters: { matchExpressions }, scope: 'all', reason: 'audit', until: 'lifted' };
    expect(await sent(...flags)).toEqual([0, spec]);
  });

  it('says of how much it is, before it is set as well', async () => {
    const flags = ['--environment', 'production', '--reason', 'incident 42', '--until', '4h'];
    const shown = await worldOf(taking()).run('freeze', 'year-end', ...flags, '--dry-run');
    const done = await worldOf(taking()).run('freeze', 'year-end', ...flags);
    const nobody = { targets: 0, applications: 0, environments: 0, clusters: 0 };
    const misspelt = await worldOf(taking(nobody)).run('freeze', 'year-end', ...flags, '--dry-run');
    const lifting = await worldOf(taking()).run('unfreeze', 'year-end', '--dry-run');
    expect([shown.out, shown.err, done.out, misspelt.out, lifting.out]).toEqual([
      'freeze/year-end created (dry run); holds 300 targets (2 applications, 1 environment, 150 clusters)\n',
      '',
      'freeze/year-end created; holds 300 targets (2 applications, 1 environment, 150 clusters)\n',
      'freeze/year-end created (dry run); holds nothing that stands now\n',
      'freeze/year-end deleted (dry run); was about 300 targets (2 applications, 1 environment, 150 clusters)\n',
    ]);
  });

  it.each([
    ['no end', ['--application', 'checkout', '--reason', 'x'], /required option '--until <when>'/],
    ['no reason', ['--application', 'checkout', '--until', '4h'], /required option '--reason <text>'/],
    [
      'a scope that there is not',
      ['--scope', 'some', '--reason', 'x', '--until', '4h'],
      /Allowed choices are deploys, all/,
    ],
    ['a selector that cannot be read', ['-l', 'a,', '--reason', 'x', '--until', '4h'], /does not end with a comma/],
  ])('with %s nothing is sent', async (_, args, message) => {
    const plane = taking();
    const { code, err } = await worldOf(plane).run('freeze', 'year-end', ...args);
    expect([code, plane.orders]).toEqual([2, []]);
    expect(err).toMatch(message);
  });
});

describe('a freeze that stands', () => {
  it('is listed with how many of its clusters keep it, and described with who can end it', async () => {
    const listed = await worldOf(taking()).run('get', 'freezes');
    const described = await worldOf(taking()).run('describe', 'freeze', 'year-end');
    expect(listed.out).toMatch(
      /year-end +InForce +deploys +97 of 100 clusters, 3 offline +2027-01-04T08:00:00.000Z +user:ann +holidays/,
    );
    expect(described.out).toMatch(/Acknowledged: +97 of 100 clusters, 3 offline/);
  });

  it('is lifted by name, and nothing is when a name is wrong', async () => {
    const [plane, other] = [taking(), taking()];
    await worldOf(plane).run('unfreeze', 'year-end');
    const wrong = await worldOf(other).run('unfreeze', 'year-end', 'year-and');
    expect([plane.orders, wrong.code, other.orders]).toEqual([
      ['DELETE /api/v1/projects/default/documents/freezes/year-end?dryRun=false'],
      5,
      [],
    ]);
  });
});
