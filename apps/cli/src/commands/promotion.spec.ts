import { operations, type RolloutView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { planeWith, sampleApplication, sampleCandidate, sampleStage, worldOf } from '../testing/sample-fleet.ts';

const approvalWait = {
  gate: 'approval of group leads',
  blockedBy: '0 of 1 approvals',
  whoCanAct: 'group leads: flotilla approve checkout.production',
};
const [newest, approvable] = [
  sampleCandidate('3c3c3c3c', {
    waits: [{ gate: 'soak 4h', blockedBy: 'it has to be well in staging for 4h', nextTry: '2026-01-01T02:00:00.000Z' }],
  }),
  sampleCandidate('2b2b2b2b', {
    waits: [approvalWait],
    passed: ['health', 'soak 4h'],
    untried: [{ path: 'services/checkout/production', tree: 'f'.repeat(40) }],
    untriedSettings: ['render.helm.values.replicas'],
  }),
];
const answer = { release: approvable.release, revision: approvable.revision, digest: 'd'.repeat(64) };

function underWay(cause: 'tracking' | 'rollback', release: string): RolloutView {
  const revision = approvable.revision;
  return {
    kind: 'Rollout',
    metadata: {
      uid: `of-${release}`,
      name: 'checkout-production',
      project: 'default',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    spec: { application: 'checkout', environment: 'production', release, revision, cause },
    status: { state: 'Running', total: 2, arrived: 1, failing: 0 },
  };
}

function taking(candidates = [newest, approvable]) {
  return planeWith({ documents: [sampleApplication], stages: [sampleStage('production', candidates)] })
    .on(operations.promote, () => ({ ...answer, promotion: 'p1' }))
    .on(operations.holdStage, () => ({
      hold: 'h1',
      revision: approvable.revision,
      expiresAt: '2026-01-01T02:00:00.000Z',
    }))
    .on(operations.unholdStage, () => ({ holds: ['h1'] }))
    .on(operations.overrideGates, () => ({
      ...answer,
      gates: ['web ci.example.org/'],
      expiresAt: '2026-01-08T00:00:00.000Z',
    }))
    .on(operations.approve, () => ({ ...answer, approval: 'a1', expiresAt: '2026-01-08T00:00:00.000Z' }));
}

const promotions = 'POST /api/v1/projects/default/promotions';
const holds = 'POST /api/v1/projects/default/holds';
const overrides = 'POST /api/v1/projects/default/overrides';
const approvals = 'POST /api/v1/projects/default/approvals';
const approved =
  'release/checkout-2b2b2b2b approved for production, source digest dddddddddddd, until 2026-01-08T00:00:00.000Z\n';
const ofApprovable = `${approvals} {"application":"checkout","environment":"production","release":"${approvable.release}"}`;

describe('what people say of releases', () => {
  it.each([
    [
      'promote checkout --to production --reason now',
      `${promotions} {"application":"checkout","environment":"production","reason":"now"}`,
      'release/checkout-2b2b2b2b promoted to production\n',
    ],
    [
      'promote checkout --to production --release checkout-2b2b2b2b --instead --reason now',
      `${promotions} {"application":"checkout","environment":"production","reason":"now","release":"2b2b2b2b","instead":true}`,
      'release/checkout-2b2b2b2b promoted to production\n',
    ],
    [
      'override checkout.production --release 2b2b2b2b --reason now',
      `${overrides} {"application":"checkout","environment":"production","release":"${approvable.release}","reason":"now"}`,
      'release/checkout-2b2b2b2b may go on to production without web ci.example.org/, until 2026-01-08T00:00:00.000Z\n',
    ],
    [
      'override checkout.production --wave rest --reason now',
      `${overrides} {"application":"checkout","environment":"production","release":"r-under-way","wave":"rest","reason":"now"}`,
      'release/checkout-2b2b2b2b may go on to wave rest of production without web ci.example.org/, until 2026-01-08T00:00:00.000Z\n',
    ],
    [
      'hold checkout.production --release checkout-2b2b2b2b --for 2h --reason now',
      `${holds} {"application":"checkout","environment":"production","release":"2b2b2b2b","reason":"now","for":"2h"}`,
      'stage/checkout.production held: nothing goes past 2b2b2b2b in checkout.production until 2026-01-01T02:00:00.000Z\n',
    ],
    [
      'unhold checkout.production --reason now',
      `${holds}/lift {"application":"checkout","environment":"production","reason":"now"}`,
      'stage/checkout.production goes on: 1 hold ended\n',
    ],
    ['approve checkout.production', ofApprovable, approved],
    ['approve checkout-2b2b2b2b --for production', ofApprovable, approved],
    [
      'approve checkout-2b2b2b2b --for production --wave rest',
      `${approvals} {"application":"checkout","environment":"production","release":"2b2b2b2b","wave":"rest"}`,
      approved.replace('for production', 'for wave rest of production'),
    ],
    [
      'approve checkout.production --wave rest',
      `${approvals} {"application":"checkout","environment":"production","release":"r-under-way","wave":"rest"}`,
      approved.replace('for production', 'for wave rest of production'),
    ],
  ])('%s', async (line, order, out) => {
    const items = [underWay('rollback', 'r-back'), underWay('tracking', 'r-under-way')];
    const plane = taking().on(operations.listRollouts, () => ({ items }));
    const { code, out: said } = await worldOf(plane).run(...line.split(' '));
    expect([code, said, plane.orders]).toEqual([0, out, [order]]);
  });

  it.each([
    ['approve checkout.production', [sampleStage('production', [newest])]],
    ['override checkout.production --reason now', []],
  ])(
    '%s, which nothing before the stage waits for, or that is none, is told of the wave that does',
    async (line, items) => {
      const open = underWay('tracking', 'r-under-way');
      const blocked = { code: 'WaveGated', message: 'wave rest waits for approval of ann (0 of 1 approvals)' };
      const gated = { ...open, status: { ...open.status, blocked } };
      const plane = taking().on(operations.listRollouts, () => ({ items: [gated] }));
      plane.on(operations.listStages, () => ({ items }));
      const { code, err } = await worldOf(plane).run(...line.split(' '));
      expect([code, plane.orders, err]).toEqual([
        5,
        [],
        expect.stringMatching(/say which with --wave: wave rest waits/),
      ]);
    },
  );

  it.each([
    ['approve checkout', 'StageNameInvalid'],
    ['approve checkout.staging', 'NameUnknown'],
    ['approve checkout --for production', 'ReleaseNameInvalid'],
    ['approve checkout.staging --wave rest', 'RolloutMissing'],
    ['approve checkout-aaaaaaaa --for production', 'CandidateMissing'],
    ['promote checkout --to production', 'ArgumentsInvalid'],
    ['override checkout.production', 'ArgumentsInvalid'],
    ['hold checkout.production', 'ArgumentsInvalid'],
    ['hold checkout --reason now', 'StageNameInvalid'],
    ['unhold checkout --reason now', 'StageNameInvalid'],
    ['override checkout.production --reason now', 'CandidateMissing'],
  ])('%s is refused before anything is sent', async (line) => {
    const plane = taking();
    const { code } = await worldOf(plane).run(...line.split(' '));
    expect([code === 0, plane.orders]).toEqual([false, []]);
  });
});

it('a commit that brings one thing and then another is approved by the uid of what was looked at', async () => {
  const other = { ...approvable, release: 'c0mm1tagainagain', digest: 'e'.repeat(64) };
  const run = async (name: string) => {
    const plane = taking([other, approvable]);
    const { err } = await worldOf(plane).run('approve', name, '--for', 'production');
    return [/name one by its uid/.test(err), plane.orders];
  };
  const order = `${approvals} {"application":"checkout","environment":"production","release":"${other.release}"}`;
  expect([await run('checkout-2b2b2b2b'), await run(`checkout-${other.release}`)]).toEqual([
    [true, []],
    [false, [order]],
  ]);
});

describe('what waits before a stage', () => {
  it('is a line of a list: the newest that waits, and for what', async () => {
    const { out } = await worldOf(taking()).run('get', 'stages');
    expect(out).toBe(
      'NAME                  AFTER     RUNS       NEXT       STATE   WAITS FOR   SINCE\n' +
        'checkout.production   staging   1a2b3c4d   3c3c3c3c   Waits   soak 4h     60m\n',
    );
  });

  it('says that it is held, by whom and until when, also while nothing waits', async () => {
    const stage = sampleStage('production', []);
    const held = {
      who: 'ann',
      reason: 'incident 42',
      since: stage.status.changedAt,
      until: '2026-01-01T02:00:00.000Z',
    };
    const plane = planeWith({ stages: [{ ...stage, status: { ...stage.status, holds: [held] } }] });
    const [{ out: list }, { out: page }] = [
      await worldOf(plane).run('get', 'stages'),
      await worldOf(plane).run('describe', 'stage', 'checkout.production'),
    ];
    expect([/ Held /.test(list), page]).toEqual([
      true,
      expect.stringMatching(/Held: +by ann, 2\S+ \(60m ago\), until 2026-01-01T02:00:00.000Z: incident 42/),
    ]);
  });

  it('says how much of it a rollback holds at something else, and how that ends', async () => {
    const stage = sampleStage('production', []);
    const pinned = [
      { rollback: 'r1', revision: '0a0b0c0d'.repeat(5), targets: 2 },
      { rollback: 'r2', revision: '1b1c1d1e'.repeat(5), targets: 1 },
    ];
    const plane = planeWith({ stages: [{ ...stage, status: { ...stage.status, pinned } }] });
    const { out: list } = await worldOf(plane).run('get', 'stages');
    const page = await worldOf(plane).run('describe', 'stage', 'checkout.production');
    expect([list.includes('1a2b3c4d, 3 pinned'), page.out]).toEqual([
      true,
      expect.stringMatching(
        /Pinned: +2 targets at 0a0b0c0d by rollback r1; 1 target at 1b1c1d1e by rollback r2\nLet go with: +flotilla unpin application checkout --environment production --reason WHY/,
      ),
    ]);
  });

  it('says why Git does not say what runs there', async () => {
    const stage = sampleStage('production', []);
    const unsaid = {
      gate: 'record',
      blockedBy: 'it cannot be written',
      whoCanAct: 'bob',
      nextTry: '2026-01-01T02:00:00.000Z',
    };
    const plane = planeWith({ stages: [{ ...stage, status: { ...stage.status, unsaid } }] });
    const { out } = await worldOf(plane).run('describe', 'stage', 'checkout.production');
    expect(out).toMatch(/Record: +it cannot be written; bob can act; next try 2026-01-01T02:00:00.000Z \(in \w+\)/);
  });

  it.each(['describe stage checkout.production', 'explain application checkout', 'explain environment production'])(
    '%s says who can do what about it, and what is new there',
    async (line) => {
      const plane = taking();
      plane.on(operations.getDocument, () => ({
        ...sampleApplication,
        metadata: { ...sampleApplication.metadata, name: line.split(' ').at(-1)! },
      }));
      const { out } = await worldOf(plane).run(...line.split(' '));
      const told = [
        '3c3c3c3c: Waits',
        '2b2b2b2b: Waits',
        approvalWait.whoCanAct,
        'services/checkout/production (ffffffff), render.helm.values.replicas',
      ];
      expect(told.filter((text) => !out.includes(text))).toEqual([]);
    },
  );
});

it('a release says where it stands', async () => {
  const release = {
    kind: 'Release' as const,
    metadata: { uid: 'r1', name: 'checkout-2b2b2b2b', project: 'default', createdAt: '2025-12-31T23:00:00.000Z' },
    spec: { application: 'checkout', revision: approvable.revision, digests: {} },
    status: { targets: 2, stands: { dev: 'Finished', production: 'Waits' } },
  };
  const plane = taking().on(operations.listReleases, () => ({ items: [release] }));
  const { out } = await worldOf(plane).run('get', 'releases');
  expect(out).toContain('dev Finished, production Waits');
});
