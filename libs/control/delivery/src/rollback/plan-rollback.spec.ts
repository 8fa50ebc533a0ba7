import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import type { DeliveryFacts, TargetFacts } from '../facts.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { clusterFacts, freezeFacts, stageFacts } from '../testing/delivery-facts.ts';
import { digestOfRelease, entryOfRelease, historyOf, pinAt, run } from '../testing/rollback-facts.ts';
import { forwardRefusal } from './forward-refusal.ts';
import { planRollback, type PlannedRollback } from './plan-rollback.ts';
import { resolveRollback } from './resolve-rollback.ts';

const mark = { rollback: 'back-1', by: 'user:ann', reason: 'incident 42', since: 'now' };
const runs = ['t1', 't2'].flatMap((target) => [run(target, 1, 0), run(target, 2, 10)]);

function back(history = historyOf({ clusters: 2, runs }), over: object = {}) {
  const asked = { selection: { application: 'checkout' }, to: 'previous-good', atOnce: true, ...over };
  const resolved = resolveRollback({ applications: [history] }, asked);
  return planRollback(resolved, mark, countingIds());
}

/** What runs where, in few words. */
const told = (changes: readonly { uid: string; entry: { release: string; pin?: unknown } }[]) =>
  changes.map(({ uid, entry }) => `${uid} ${entry.release}${entry.pin ? ' pinned' : ''}`);

describe('going back', () => {
  it('pins each target to what was released, deletes nothing, runs no hooks, and needs an agent that knows that', () => {
    const [planned] = back();
    const { plan, pins, refused } = planned!;
    const { source, sourceDigest } = entryOfRelease(2, 't1');
    expect({ told: told(plan.changes), entry: plan.changes[0]!.entry, rollouts: plan.rollouts, refused }).toMatchObject(
      {
        told: ['t1 r2 pinned', 't2 r2 pinned'],
        entry: {
          intent: 'run-if-understood',
          needs: ['pin'],
          source,
          sourceDigest,
          sync: { prune: false },
          pin: { by: 'user:ann', reason: 'incident 42', since: 'now' },
        },
        rollouts: [{ environment: 'dev', release: 'r2', cause: 'rollback', rollback: 'back-1' }],
        refused: [digestOfRelease(3)],
      },
    );
    expect([...pins.values()].map(({ rollout }) => rollout)).toEqual(plan.rollouts.flatMap(({ uid }) => [uid, uid]));
  });

  it('AT-38: where it breaks the glass, it does so where something is frozen, and nowhere else', () => {
    const clusters = [clusterFacts('c1', 'dev'), clusterFacts('c2', 'dev', 'frozen')];
    const freezes = [freezeFacts('sale', { clusters: { matchLabels: { frozen: 'true' } } })];
    const history = historyOf({ clusters: 2, runs, delivery: { clusters, freezes } });
    const asked = { selection: { application: 'checkout' }, to: 'previous-good', breakGlass: '1h' };
    const resolved = resolveRollback({ applications: [history] }, asked);
    const [planned] = planRollback(resolved, { ...mark, breakGlassExpires: 'later' }, countingIds());
    expect([...planned!.pins].map(([target, pin]) => [target, pin.breakGlass])).toEqual([
      ['t1', undefined],
      ['t2', { expires: 'later', freezes: ['sale'] }],
    ]);
  });

  it('of a whole environment ends what is on its way there; of one cluster it ends and refuses nothing', () => {
    const running = [{ rollout: 'into-r3', environment: 'dev' }];
    const history = historyOf({ clusters: 2, runs, delivery: { running } });
    const endings = [back(history), back(history, { selection: { cluster: 'c1' } })].map(([planned]) => [
      planned!.plan.withdrawn,
      planned!.refused,
      told(planned!.plan.changes),
    ]);
    expect(endings).toEqual([
      [['into-r3'], [digestOfRelease(3)], ['t1 r2 pinned', 't2 r2 pinned']],
      [[], [], ['t1 r2 pinned']],
    ]);
  });
});

/** After `r3` was taken back to `r2` on both clusters. */
function pinnedFacts(over: Partial<DeliveryFacts> = {}, pin = pinAt(2)): DeliveryFacts {
  const entry = (uid: string) => ({
    ...entryOfRelease(2, uid),
    intent: 'run-if-understood' as const,
    needs: ['pin'],
    sync: { ...entryOfRelease(2, uid).sync, prune: false },
    pin: { by: pin.by, reason: pin.reason, since: pin.since },
  });
  const target = (one: TargetFacts) => ({ ...one, entry: entry(one.uid), pin });
  const quarantine = [{ digest: digestOfRelease(3), by: 'user:ann', reason: 'incident 42' }];
  return { ...historyOf({ clusters: 2, target }).delivery, quarantine, ...over };
}

const plan = (facts: DeliveryFacts) => planDelivery(facts, countingIds());
const current = { rollout: 'into-r3', release: 'r3', running: false };
/** A release of those inputs that a stage has at its head. */
const headOf = (facts: DeliveryFacts) => {
  const { releases } = plan(facts);
  return releases[0]!.digests['dev']!;
};
const newHead = stageFacts('dev', { current, head: { commit: '4'.repeat(40), trees: ['tree-4'] } });

describe('going back in waves', () => {
  const now = { t1: { health: 'Degraded' as const } };
  const inWaves = () => back(historyOf({ clusters: 2, runs, now }), { atOnce: false })[0]!;

  it('pins everybody, begins with who is not well, and nobody else changes', () => {
    const { plan: planned, pins } = inWaves();
    const [{ course, admitted, partial }] = planned.rollouts as [(typeof planned.rollouts)[number]];
    expect([told(planned.changes), [...pins.keys()], course?.waves.map(({ name }) => name), admitted, partial]).toEqual(
      [['t1 r2 pinned'], ['t1', 't2'], ['unhealthy', 'healthy-1'], ['c1-uid'], undefined],
    );
  });

  it('says nothing of an environment where only some of what runs there goes back', () => {
    const [{ plan: planned }] = back(undefined, { selection: { cluster: 'c1' } }) as [PlannedRollback];
    expect(planned.rollouts.map(({ partial }) => partial)).toEqual([true]);
  });

  /** Both are pinned to `r2`, and the turn of one of them has come, or not. */
  const turned = (turn: 'waits' | 'taken', over: Partial<DeliveryFacts> = {}): DeliveryFacts => {
    const facts = historyOf({ clusters: 2 }).delivery;
    const [first, second] = facts.targets as [TargetFacts, TargetFacts];
    const targets: TargetFacts[] = [
      { ...first, pin: pinAt(2), turn },
      { ...second, pin: pinAt(2), turn: 'waits' },
    ];
    return { ...facts, targets, ...over };
  };

  it.each([
    ['waits', []],
    ['taken', ['t1 r2 pinned']],
  ] as const)('while its turn %s a target takes what it is pinned to, and nothing that enters', (turn, expected) => {
    const plans = [turned(turn), turned(turn, { stages: [newHead] })].map((facts) => told(plan(facts).changes));
    expect(plans).toEqual([expected, expected]);
  });

  it('whoever is held by an older rollback stays so until his turn has come', () => {
    const facts = pinnedFacts();
    const targets = facts.targets.map((one): TargetFacts => ({ ...one, pin: pinAt(1), turn: 'waits' }));
    expect(plan({ ...facts, targets, stages: [stageFacts('dev', { current })] }).changes).toEqual([]);
  });

  it.each([
    ['while somebody waits', ['taken', 'waits'], 0],
    ['once all have had their turn', ['taken', 'taken'], 2],
    ['when it is over', [undefined, undefined], 2],
  ] as const)('Git takes over %s: of %j so many', (_what, turns, expected) => {
    const { content } = pinAt(2);
    const digest = headOf(pinnedFacts({ stages: [newHead] }));
    const facts = pinnedFacts({ stages: [newHead] }, pinAt(2, { content: { ...content, sourceDigest: digest } }));
    const targets = facts.targets.map((one, index) => ({ ...one, turn: turns[index] }));
    expect(plan({ ...facts, targets }).agreed.length).toBe(expected);
  });
});

describe('while a pin stands', () => {
  const settled = stageFacts('dev', { current });

  it('nothing changes, and a newer release that enters passes its targets by', () => {
    const passed = plan(pinnedFacts({ stages: [newHead] }));
    expect([
      told(plan(pinnedFacts({ stages: [settled] })).changes),
      told(passed.changes),
      passed.rollouts.length,
    ]).toEqual([[], [], 1]);
  });

  it('who joins gets what the others are held at, and is not held himself', () => {
    const clusters = ['c1', 'c2', 'c3'].map((name) => clusterFacts(name, 'dev'));
    expect(told(plan(pinnedFacts({ stages: [settled], clusters })).changes)).toEqual(['id-1 r2']);
  });

  it('a target that is held no more stays where it is, for what its environment runs is in quarantine', () => {
    const facts = pinnedFacts({ stages: [settled] });
    const [first, ...others] = facts.targets;
    const { pin: _, ...lifted } = first!;
    const { changes } = plan({ ...facts, targets: [lifted, ...others] });
    expect([told(changes), changes[0]!.entry.sync.prune]).toEqual([['t1 r2'], true]);
  });

  it('ends when what enters is by its digest what it says, and Git has the target again', () => {
    const { content } = pinAt(2);
    const digest = headOf(pinnedFacts({ stages: [newHead] }));
    const agreeing = pinAt(2, { content: { ...content, sourceDigest: digest } });
    const { agreed, changes } = plan(pinnedFacts({ stages: [newHead] }, agreeing));
    expect([agreed.map(({ target }) => target), told(changes), changes[0]!.entry.sync.prune]).toEqual([
      ['t1', 't2'],
      ['t1 id-1', 't2 id-1'],
      true,
    ]);
  });

  it('a target goes forward only where something newer has come that nobody refused', () => {
    const targets = new Set(['t1']);
    const newer = { ...current, release: 'r4' };
    const [third] = historyOf().delivery.releases;
    const fourth = { ...third!, uid: 'r4', digests: { dev: digestOfRelease(4) } };
    const facts = pinnedFacts({ stages: [settled] });
    const ahead = { ...facts, releases: [fourth, ...facts.releases], stages: [{ ...settled, current: newer }] };
    expect([forwardRefusal(facts, targets)?.reason, forwardRefusal(ahead, targets)]).toEqual([
      'NothingNewer',
      undefined,
    ]);
  });
});

describe('a source digest in quarantine', () => {
  it('enters nowhere, is named, and keeps no other environment from what is new', () => {
    const stages = ['dev', 'staging'].map((environment) =>
      stageFacts(environment, { head: { commit: '4'.repeat(40), trees: [`tree-${environment}`] } }),
    );
    const facts = { ...historyOf().delivery, stages, targets: [], releases: [] };
    const [release] = plan(facts).releases;
    const quarantine = [{ digest: release!.digests['dev']!, by: 'user:ann', reason: 'incident 42' }];
    const { rollouts, problems } = plan({ ...facts, quarantine });
    expect([rollouts.map(({ environment }) => environment), problems]).toEqual([
      ['staging'],
      [
        {
          environment: 'dev',
          reason: 'Quarantined',
          message: 'what 44444444 brings dev is in quarantine (user:ann: incident 42); dev keeps what it runs',
        },
      ],
    ]);
  });
});
