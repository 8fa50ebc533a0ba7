import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { entryOfRelease, historyOf, minute, releaseFacts, run } from '../testing/rollback-facts.ts';
import { clusterFacts, freezeFacts, stageFacts, targetFacts } from '../testing/delivery-facts.ts';
import { after } from '../testing/promotion-walk.ts';
import type { PastRollout } from '../promotion/promotion-facts.ts';
import type { ApplicationHistory } from '../rollback/rollback-facts.ts';
import { promotionChanges, rollbackChanges } from './order-changes.ts';

const portsOf = (history: ApplicationHistory) => ({
  record: { rollbackFacts: () => Promise.resolve({ applications: [history] }) },
  ids: countingIds(),
});
const runs = ['t1', 't2', 't3'].flatMap((target) => [run(target, 2, 0), run(target, 3, 10)]);
const order = { project: 'default', selection: { application: 'checkout' }, to: '2222222', runHooks: false };

/** From where to where, and on which clusters. */
async function back(history: ApplicationHistory, over: Partial<typeof order & { breakGlass: string }> = {}) {
  const changes = await rollbackChanges(portsOf(history), { ...order, ...over });
  return changes.map(({ from = '', to, moves }) => [from[0], to[0], ...moves.map(({ cluster }) => cluster.name)]);
}

describe('what an order to go back would change', () => {
  it('is told once for all clusters that change alike, those of most first', async () => {
    const history = historyOf({
      clusters: 4,
      runs,
      target: (one) => (one.uid === 't1' ? { ...one, entry: entryOfRelease(1, 't1') } : one),
    });
    expect(await back(history)).toEqual([
      ['3', '2', 'c2', 'c3', 'c4'],
      ['1', '2', 'c1'],
    ]);
  });

  it('AT-38: is nothing under a freeze, and the same as without one where the order breaks the glass', async () => {
    const frozen = historyOf({ clusters: 2, runs, delivery: { freezes: [freezeFacts('sale')] } });
    expect([await back(frozen), await back(frozen, { breakGlass: '1h' })]).toEqual([[], [['3', '2', 'c1', 'c2']]]);
  });

  it('is nothing where the same inputs run already, whatever the commit is called', async () => {
    const same = historyOf({
      clusters: 2,
      runs,
      target: (one) => (one.uid === 't1' ? { ...one, entry: entryOfRelease(2, 't1', { release: 'r9' }) } : one),
    });
    expect(await back(same)).toEqual([['3', '2', 'c2']]);
  });

  it('is exactly what the order would have agents run: pinned, without deletions, with hooks only when asked', async () => {
    const entries = async (runHooks: boolean) => {
      const [change] = await rollbackChanges(portsOf(historyOf({ runs })), { ...order, runHooks });
      const { sync, pin, sourceDigest } = change!.moves[0]!.entry;
      return [sourceDigest, sync.prune, pin?.runHooks];
    };
    expect([await entries(false), await entries(true)]).toEqual([
      ['digest-2-dev', false, undefined],
      ['digest-2-dev', false, true],
    ]);
  });
});

describe('what a promotion would change', () => {
  const environments = ['dev', 'production'];
  const past: PastRollout[] = [
    {
      environment: 'dev',
      release: 'r2',
      cause: 'tracking',
      state: 'Finished',
      beganAt: minute(0),
      finishedAt: minute(1),
      wellSince: minute(1),
      failing: false,
    },
  ];
  const known = {
    approvals: [],
    orders: [],
    standings: [],
    authors: {},
    groups: {},
    neighbours: [],
    answers: [],
    records: [],
    holds: [],
  };
  const history = historyOf({
    delivery: {
      stages: [
        stageFacts('dev', { current: { rollout: 'into-r2', release: 'r2', running: false } }),
        stageFacts('production', {
          following: after(['dev'], { promote: 'manual' }),
          current: { rollout: 'into-r1', release: 'r1', running: false },
          rollout: { strategy: { waves: [{ name: 'canary', take: 1 }] } as never },
        }),
      ],
      clusters: [clusterFacts('p1', 'production'), clusterFacts('p2', 'production'), clusterFacts('d1', 'dev')],
      targets: [
        targetFacts(entryOfRelease(1, 'tp', { environment: 'production' }), 'p1'),
        targetFacts(entryOfRelease(2, 'td'), 'd1'),
      ],
      releases: [releaseFacts(2, environments), releaseFacts(1, environments)],
      promotion: { ...known, past },
    },
  });
  const place = { project: 'default', application: 'checkout', environment: 'production' };

  it('is the whole stage without its gates and waves, and no other stage', async () => {
    const changes = await promotionChanges(portsOf(history), place);
    expect(changes.map(({ from, to, moves }) => [from?.[0], to[0], moves.map(({ cluster }) => cluster.name)])).toEqual([
      ['1', '2', ['p1']],
      [undefined, '2', ['p2']],
    ]);
  });

  it.each([
    ['a stage that tracks Git', { ...place, environment: 'dev' }, 'StageTracks'],
    ['a stage that is not there', { ...place, environment: 'moon' }, 'StageMissing'],
    ['a release that is not there', { ...place, release: 'r9' }, 'CandidateMissing'],
  ])('is refused for %s', async (_, asked, reason) => {
    await expect(promotionChanges(portsOf(history), asked)).rejects.toMatchObject({ reason });
  });
});
