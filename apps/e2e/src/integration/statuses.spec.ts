import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '@flotilla/foundation';
import type { TargetStatus } from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

let fixture: StoreFixture;
let target: Awaited<ReturnType<typeof openTarget>>;
let reports = 0;
beforeAll(async () => {
  fixture = await StoreFixture.start();
});
beforeEach(async () => {
  target = await openTarget(fixture);
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

const minute = (count: number) => Date.UTC(2026, 0, 1, 0, count);
const at = (count: number) => new Date(minute(count));

const resources: TargetStatus['resources'] = [
  { group: 'apps', kind: 'Deployment', namespace: 'n', name: 'web', sync: 'OutOfSync', health: 'Degraded' },
];
const drift = [{ object: 'Deployment n/web', field: 'spec.replicas', manager: 'kubectl-edit', corrected: false }];

/** Everything that there is to say of a target. */
const full = (): TargetStatus =>
  statusOf(target.entry, {
    sync: 'OutOfSync',
    health: 'Degraded',
    renderDigest: 'render-digest',
    reason: { code: 'ImagePullBackOff', message: 'no such image' },
    since: isoTime(minute(1)),
    appliedAt: isoTime(minute(0)),
    images: ['web:1'],
    resources,
    drift,
  });

/** The agent says this in the given minute; whether it was news. */
async function says(status: TargetStatus, inMinute: number): Promise<boolean> {
  const { changed } = await target.statuses.store([reportOf(target.cluster, ++reports, [status])], minute(inMinute));
  return changed.length > 0;
}

const rows = <Row>(sql: string) => target.store.query<Row>(sql);
const details = () => rows('SELECT resources, drift FROM target_detail');
const history = () => rows('SELECT at, health, reason, healthy_at FROM deployment ORDER BY at');

describe('what an agent says of a target', () => {
  it('is stored word by word: what it is, its details, and what was applied', async () => {
    const said = full();
    await says(said, 2);
    const { entry, cluster } = target;
    const head = { target: entry.target, cluster, release: entry.release, revision: entry.source.revision };
    const common = { ...head, health: 'Degraded', reason: said.reason };
    expect([
      await rows('SELECT * FROM target_status'),
      await rows('SELECT * FROM target_detail'),
      await rows('SELECT * FROM deployment'),
    ]).toEqual([
      [
        {
          ...common,
          generation: 1,
          source_digest: entry.sourceDigest,
          render_digest: 'render-digest',
          sync: 'OutOfSync',
          since: at(1),
          applied_at: at(0),
          degraded_at: at(2),
          gone: false,
          reported_at: at(2),
        },
      ],
      [{ target: entry.target, resources: said.resources, drift: said.drift }],
      [
        {
          ...common,
          at: at(0),
          project: 'default',
          application_name: 'checkout',
          environment: 'dev',
          healthy_at: null,
          source_digest: entry.sourceDigest,
          images: said.images,
          left_at: null,
        },
      ],
    ]);
  });

  it.each<[string, Partial<TargetStatus>]>([
    ['revision', { revision: 'c'.repeat(40) }],
    ['release', { release: 'another' }],
    ['render digest', { renderDigest: 'another' }],
    ['sync', { sync: 'Synced' }],
    ['health', { health: 'Progressing' }],
    ['reason', { reason: { code: 'ImagePullBackOff', message: 'not yet' } }],
    ['since', { since: isoTime(minute(2)) }],
    ['applied at', { appliedAt: isoTime(minute(1)) }],
    ['gone', { gone: true }],
  ])('is news when its %s is another, once', async (_what, change) => {
    const news = [await says(full(), 2)];
    for (const inMinute of [3, 4]) news.push(await says({ ...full(), ...change }, inMinute));
    const [row] = await rows<{ reported_at: Date }>('SELECT reported_at FROM target_status');
    expect({ news, reportedAt: row!.reported_at }).toEqual({ news: [true, true, false], reportedAt: at(3) });
  });

  it.each<[string, Pick<TargetStatus, 'resources' | 'drift'>]>([
    ['resources', { resources: [], drift }],
    ['drift', { resources, drift: [] }],
  ])('in its %s alone is kept, and is no news to anybody who looks at many', async (_what, change) => {
    await says(full(), 2);
    const news = await says({ ...full(), ...change }, 3);
    expect({ news, details: await details() }).toEqual({ news: false, details: [change] });
  });

  it('before anything was applied, or of what nobody released, makes no history', async () => {
    const { appliedAt: _never, ...waiting } = full();
    const { release: _none, ...unreleased } = full();
    const { revision: _nothing, ...unknown } = full();
    for (const status of [waiting, unreleased, unknown]) await says(status, 2);
    expect(await history()).toEqual([]);
  });
});

describe('the history of a target', () => {
  it('holds what became of a release, and when it was well for the first time', async () => {
    const { reason: _none, ...well } = { ...full(), health: 'Healthy' } as const;
    await says({ ...full(), health: 'Progressing' }, 1);
    const begun = await history();
    await says({ ...well, since: isoTime(minute(2)) }, 2);
    await says({ ...full(), since: isoTime(minute(3)) }, 3);
    const broken = await history();
    await says({ ...well, since: isoTime(minute(4)) }, 4);
    const { reason } = full();
    expect([begun, broken, await history()]).toEqual([
      [{ at: at(0), health: 'Progressing', reason, healthy_at: null }],
      [{ at: at(0), health: 'Degraded', reason, healthy_at: at(2) }],
      [{ at: at(0), health: 'Healthy', reason: null, healthy_at: at(2) }],
    ]);
  });
});

describe('what an agent did by itself', () => {
  it('while nobody heard it is a line of the ledger, once for each time', async () => {
    const went = { ...full(), reason: { code: 'Retreated', message: 'it went back by itself' } };
    const { reason: _none, ...well } = full();
    for (const [minutes, status] of [well, went, { ...went, since: isoTime(minute(9)) }, well, went].entries())
      await says(status, minutes);
    const line = { action: 'target.retreat', actor: 'system:agent', message: 'it went back by itself' };
    expect(await rows(`SELECT action, actor, message FROM ledger WHERE action = 'target.retreat'`)).toEqual([
      line,
      line,
    ]);
  });
});
