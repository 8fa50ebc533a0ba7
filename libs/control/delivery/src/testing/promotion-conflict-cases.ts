import { deepEqual, equal } from 'node:assert/strict';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import { inOneSecond } from './conflict-cases.ts';
import { openWalk, walkedEnvironments, type PromotionCase, type PromotionWorld } from './promotion-world.ts';

const production = { project: 'default', application: 'checkout', environment: 'production' };
const selection = { application: 'checkout', environment: 'production' };
const order = { ...production, reason: 'it is time', instead: false };
const person = (name: string) => ({ kind: 'user' as const, name });

/** What two people order of a stage in the same second, who want different things. */
export const promotionConflictCases: readonly PromotionCase[] = [
  {
    title: 'one promotes while another one goes back: both are taken, and the pin stands above what enters',
    run: async (world) => {
      const { walk, commits } = await ranTwoAndWaits(world);
      const goal = { project: 'default', selection, to: commits[0]! };
      const { standing } = await previewRollback(world.rollbacks, goal);
      const back = { ...goal, standing, reason: 'incident 42', runHooks: false, repair: false };
      const { taken, refused } = await inOneSecond([
        () => world.record.promote(order, person('carl')),
        () => rollBack({ record: world.rollbacks, ids: world.ids }, back, person('ann')),
      ]);
      deepEqual([taken.length, refused], [2, []]);
      await walk.plan();
      equal(await walk.runs('production'), commits[0]);
    },
  },
  {
    title:
      'one promotes while another one freezes: the order is kept, nothing passes the freeze, and it enters when that is lifted',
    run: async (world) => {
      const { walk, commits } = await ranTwoAndWaits(world);
      const { taken, refused } = await inOneSecond([
        () => world.record.promote(order, person('carl')),
        () => world.freeze('fire', 'production'),
      ]);
      deepEqual([taken.length, refused], [2, []]);
      await walk.plan();
      const frozen = await walk.runs('production');
      await world.lift('fire');
      await walk.plan();
      deepEqual([frozen, await walk.runs('production')], [commits[1], commits[2]]);
    },
  },
  {
    title:
      'one approves what another one overtakes with a newer release: the approval counts for what was seen, and for nothing else',
    run: async (world) => {
      const { walk, commits } = await ranTwoAndWaits(world, { isApproved: false });
      const { refused } = await inOneSecond([
        () => world.record.approve(production, person('bob')),
        () => world.push('ann', 'production').then(() => walk.plan()),
      ]);
      deepEqual(refused, []);
      await world.record.promote(order, person('carl'));
      await walk.plan();
      const facts = await walk.facts();
      const [approval] = facts.promotion!.approvals.toReversed();
      const seen = facts.releases.find(({ digests }) => digests['production'] === approval!.digest);
      const runs = await walk.runs('production');
      equal(runs === commits[1] || runs === seen!.revision, true);
    },
  },
];

/** Two commits went through to production by people's word, and a third one waits before it. */
async function ranTwoAndWaits(world: PromotionWorld, { isApproved = true }: { isApproved?: boolean } = {}) {
  const walk = await openWalk(world);
  const commits: string[] = [];
  for (let count = 0; count < 3; count++) {
    commits.push(await world.push('ann', ...walkedEnvironments));
    await walk.plan();
    await walk.settle('dev');
    await walk.settle('staging');
    if (count < 2 || isApproved) await world.record.approve(production, person('bob'));
    if (count === 2) break;
    await world.record.promote(order, person('carl'));
    await walk.plan();
    await walk.settle('production');
  }
  return { walk, commits };
}
