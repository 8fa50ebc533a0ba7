import { describe, expect, it } from 'vitest';
import {
  operations,
  type OrderDiffView,
  type RollbackPreviewView,
  type RollbackView,
  type StreamEvent,
} from '@flotilla/contracts';
import { Channel } from '@flotilla/foundation';
import { FakeControlPlane, Refusal } from '../testing/fake-control-plane.ts';
import { sampleRollback as opened, worldOf } from '../testing/sample-fleet.ts';

const nobody = { count: 0, names: [] };
const commit = (digit: string) => digit.repeat(40);

const preview: RollbackPreviewView = {
  standing: 'as-it-stands',
  blast: { applications: 1, environments: 1, clusters: 3, targets: 3 },
  places: [
    {
      application: 'checkout',
      environment: 'production',
      from: [commit('3')],
      to: { release: 'r2', revision: commit('2') },
      waves: [
        { name: 'unhealthy', count: 1, names: ['eu-1'] },
        { name: 'healthy-1', count: 2, names: ['eu-2'] },
      ],
      fetching: { count: 1, names: ['eu-2'] },
      held: nobody,
      excluded: [{ cluster: 'us-1', reason: { code: 'Suspended', message: 'user:bob: looking' } }],
      settings: ['render.helm.values'],
      warnings: [
        {
          code: 'KeepsData',
          message: 'PersistentVolumeClaim data: going back changes the manifests, and not what is stored',
        },
      ],
    },
  ],
};

const changes: OrderDiffView = {
  changes: [
    {
      application: 'checkout',
      environment: 'production',
      from: commit('3'),
      to: commit('2'),
      clusters: { count: 2, names: ['eu-1', 'eu-2'] },
      toldBy: 'eu-1',
      silent: [{ cluster: 'eu-2', reason: { code: 'AgentSilent', message: 'it did not answer' } }],
      objects: [
        { object: 'ConfigMap apps/one', change: 'update', fields: [{ path: '.data.a', live: '3', desired: '2' }] },
      ],
      warnings: [{ code: 'StaysBehind', message: 'ConfigMap apps/two: it stays' }],
    },
    {
      application: 'checkout',
      environment: 'dev',
      from: commit('3'),
      to: commit('2'),
      clusters: { count: 1, names: ['dev-1'] },
      silent: [{ cluster: 'dev-1', reason: { code: 'AgentAway', message: 'its agent is not heard now (Lost)' } }],
      objects: [],
      warnings: [],
    },
  ],
  more: 1,
};

const plane = () =>
  new FakeControlPlane()
    .on(operations.diffRollback, () => changes)
    .on(operations.previewRollback, () => preview)
    .on(operations.openRollback, () => opened)
    .on(operations.listRollbacks, () => ({ items: [opened] }))
    .on(operations.getRollback, () => opened);
const ordered = (world: FakeControlPlane) => world.orders.filter((line) => !/\/(preview|diff) /.test(line));
const reason = ['--reason', 'incident 42'];

describe('rollback', () => {
  it('shows what it would change before it asks', async () => {
    const { out, code } = await worldOf(plane()).run('rollback', 'checkout', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Changes:  3 targets (1 application, 1 environment, 3 clusters)

      checkout in production:
        From:                  33333333
        To:                    22222222 (release r2)
        Wave unhealthy:        eu-1
        Wave healthy-1:        eu-2 and 1 more
        Fetch it first:        eu-2
        Passed by:             us-1: Suspended: user:bob: looking
        Settings that change:  render.helm.values
        Warning:               KeepsData: PersistentVolumeClaim data: going back changes the manifests, and not what is stored

      checkout in production, 33333333 to 22222222, on 2 clusters alike: eu-1, eu-2
      ! StaysBehind: ConfigMap apps/two: it stays
      as eu-1 says
      === ConfigMap apps/one: 1 field differs
      @@ .data.a
      -3
      +2

      checkout in dev, 33333333 to 22222222, on dev-1
      ? dev-1: AgentAway: its agent is not heard now (Lost)

      … and 1 more change of fewer clusters; narrow the order to see them
      "
    `);
  });

  it.each([
    ['with --yes', ['--yes', ...reason], 0, 1],
    ['not with --dry-run', ['--dry-run', '--yes', ...reason], 0, 0],
    ['not when nobody can be asked', reason, 2, 0],
    ['not without a reason', ['--yes'], 2, 0],
  ])('goes back %s', async (_, flags, code, orders) => {
    const world = plane();
    const outcome = await worldOf(world).run('rollback', 'checkout', ...flags);
    expect([outcome.code, ordered(world).length]).toEqual([code, orders]);
  });

  it('orders what was shown, and names what it was shown from', async () => {
    const world = plane();
    const { out, err } = await worldOf(world).run(
      'rollback',
      'checkout.production.eu-1',
      '--to',
      '2222222',
      '--yes',
      ...reason,
    );
    expect([ordered(world), out.endsWith('rollback/back1 ordered\n'), err]).toEqual([
      [
        'POST /api/v1/projects/default/rollbacks {"selection":{"application":"checkout","environment":"production","cluster":"eu-1"},"to":"2222222","reason":"incident 42","atOnce":false,"runHooks":false,"repair":true,"standing":"as-it-stands"}',
      ],
      true,
      'follow it with: flotilla wait rollback back1\n',
    ]);
  });

  it('takes everybody at the same moment when that is said, and shows it so', async () => {
    const world = plane();
    await worldOf(world).run('rollback', 'checkout', '--at-once', '--yes', ...reason);
    expect(world.orders.map((line) => line.includes('"atOnce":true'))).toEqual([true, true]);
  });

  it('leaves Git as it is when that is said', async () => {
    const world = plane();
    await worldOf(world).run('rollback', 'checkout', '--no-repair', '--yes', ...reason);
    expect(ordered(world)[0]).toContain('"repair":false');
  });

  it.each([
    ['an hour, where nothing is said', [], '1h'],
    ['as long as is said', ['--for', '30m'], '30m'],
  ])('AT-38: goes back past freezes by a door of its own, for %s', async (_, flags, breakGlass) => {
    const world = plane().on(operations.breakGlassRollback, () => opened);
    await worldOf(world).run('rollback', 'checkout', '--break-glass', ...flags, '--yes', ...reason);
    expect(
      world.orders.map((line) => [
        line.split(' ')[1]!.split('/').slice(5).join('/'),
        line.includes(`"breakGlass":"${breakGlass}"`),
      ]),
    ).toEqual([
      ['rollbacks/preview', true],
      ['rollbacks/break-glass', true],
    ]);
  });

  it('--for says nothing where no glass is broken', async () => {
    const world = plane();
    expect([(await worldOf(world).run('rollback', 'checkout', '--for', '30m', ...reason)).code, world.asked]).toEqual([
      2,
      [],
    ]);
  });

  it.each([
    ['an environment', ['--environment', 'production'], { environment: 'production' }],
    ['labels', ['-l', 'region=eu'], { selector: 'region=eu' }],
    ['a source digest', ['--digest', '9f86d081'], { digest: '9f86d081' }],
    ['the fleet, which has to be said', ['--fleet'], { fleet: true }],
  ])('is for %s', async (_, flags, selection) => {
    const world = plane();
    await worldOf(world).run('rollback', ...flags, '--dry-run', '--no-diff');
    expect(world.asked).toEqual([
      `POST /api/v1/projects/default/rollbacks/preview ${JSON.stringify({ selection, to: 'previous-good', atOnce: false })}`,
    ]);
  });

  it.each([
    ['before it asks', ['--dry-run'], 1],
    ['not when it is not asked about', ['--yes', ...reason], 0],
    ['not when a program reads the order', ['-o', 'json', '--yes', ...reason], 0],
    ['not when somebody says so', ['--dry-run', '--no-diff'], 0],
  ])('has agents say what would change %s', async (_, flags, count) => {
    const world = plane();
    await worldOf(world).run('rollback', 'checkout', ...flags);
    expect(world.asked.filter((line) => line.includes('/rollbacks/diff '))).toHaveLength(count);
  });

  it('shows the rest when nobody can say what would change in clusters', async () => {
    const world = plane().on(operations.diffRollback, () => {
      throw new Refusal(503, 'ServiceAway', 'delivery does not answer');
    });
    const { out, err, code } = await worldOf(world).run('rollback', 'checkout', '--dry-run');
    expect([code, out.includes('checkout in production'), err]).toEqual([
      0,
      true,
      expect.stringContaining('is not known'),
    ]);
  });

  it('is for nobody when nothing is said', async () => {
    const world = plane();
    expect([(await worldOf(world).run('rollback', '--yes', ...reason)).code, world.asked]).toEqual([2, []]);
  });

  it('asks nobody where nobody would go back: the control plane says why', async () => {
    const [place] = preview.places;
    const frozen = { cluster: 'eu-1', reason: { code: 'Frozen', message: 'freeze fire by user:ann: it burns' } };
    const world = plane()
      .on(operations.previewRollback, () => ({
        ...preview,
        places: [{ ...place!, waves: [], fetching: nobody, excluded: [frozen] }],
      }))
      .on(operations.openRollback, () => {
        throw new Refusal(409, 'Frozen', 'checkout in production: Frozen, freeze fire by user:ann: it burns');
      });
    const { err, code } = await worldOf(world).run('rollback', 'checkout', ...reason);
    expect([code, err]).toEqual([6, expect.stringContaining('Frozen, freeze fire')]);
  });

  it('says what stands when somebody was faster', async () => {
    const world = plane().on(operations.openRollback, () => {
      throw new Refusal(409, 'RollbackOvertaken', 'somebody was faster: checkout in production is held by rollback b2');
    });
    const { err, code } = await worldOf(world).run('rollback', 'checkout', '--yes', ...reason);
    expect([code, err]).toEqual([6, expect.stringContaining('held by rollback b2')]);
  });

  it('is listed and described', async () => {
    const world = worldOf(plane());
    const { out: list } = await world.run('get', 'rollbacks');
    const { out: page } = await world.run('describe', 'rollback', 'back1');
    expect([list, page.slice(list.length)]).toMatchInlineSnapshot(`
      [
        "NAME    STATE     ARRIVED   FAILING   HELD   OF                     TO              REASON        AGE
      back1   Running   1/3       0         3      application checkout   previous-good   incident 42   60m
      ",
        "Rollback:          back1
      Project:           default
      Ordered:           2025-12-31T23:00:00.000Z (60m ago)
      By:                user:ann
      Reason:            incident 42
      Of:                application checkout
      To:                previous-good
      State:             Running
      Arrived:           1 of 3, 0 failing
      Held against Git:  3

      Places:
        APPLICATION   ENVIRONMENT   REVISION   STATE     ARRIVED   FAILING   HELD
        checkout      production    22222222   Running   1/3       0         3
      ",
      ]
    `);
  });
});

describe('waiting for a rollback', () => {
  const state = (of: RollbackView, now: 'Running' | 'Finished') => ({ ...of, status: { ...of.status, state: now } });
  const told = (type: 'ADDED' | 'MODIFIED', rollback: string): StreamEvent => ({
    type,
    kind: 'rollout',
    object: { metadata: { uid: `of-${rollback}` }, spec: { rollback } },
  });

  it('goes by what its rollouts say, and asks for it when one of them has come further', async () => {
    const channel = new Channel<StreamEvent>();
    [told('ADDED', 'back1'), { type: 'BOOKMARK', kind: 'rollout' } as const].forEach((event) => channel.push(event));
    const listed = Promise.withResolvers<void>();
    const world = plane()
      .on(operations.listRollbacks, () => (listed.resolve(), { items: [state(opened, 'Running')] }))
      .on(operations.getRollback, () => state(opened, 'Finished'))
      .streams(() => channel);
    const running = worldOf(world).run('wait', 'rollback', 'back1');
    await listed.promise;
    channel.push(told('MODIFIED', 'back1'));
    expect(await running).toMatchObject({ code: 0, out: 'rollback/back1 condition met\n' });
  });
});

describe('what ends a rollback', () => {
  it('is a person who lets targets go, forward only if something newer is there', async () => {
    const world = new FakeControlPlane().on(operations.unpinTargets, () => ({
      targets: [{ uid: 't1', name: 'checkout.production.eu-1' }],
    }));
    const { out } = await worldOf(world).run('unpin', '--application', 'checkout', '--forward', '--reason', 'fixed');
    expect([world.orders, out]).toEqual([
      [
        'POST /api/v1/projects/default/targets/unpin {"choice":{"application":"checkout"},"forward":true,"reason":"fixed"}',
      ],
      'target/checkout.production.eu-1 goes forward\n',
    ]);
  });

  it('and who lifts the quarantine lets a source digest enter again', async () => {
    const world = new FakeControlPlane().on(operations.liftQuarantine, () => ({ digests: ['9f86d081aaaa'] }));
    const { out } = await worldOf(world).run('quarantine', 'lift', 'checkout', '9f86d081', '--reason', 'the network');
    expect([world.orders.length, out]).toEqual([1, 'checkout 9f86d081aaaa may enter again\n']);
  });
});
