import { deepEqual, equal, rejects } from 'node:assert/strict';
import { noFence } from '@flotilla/model';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import type { RollbackOrder } from '../rollback/rollback-record.port.ts';
import { statusOf } from './delivery-world.ts';
import { openWalk, walkedEnvironments, type PromotionCase, type PromotionWorld } from './promotion-world.ts';

const production = { project: 'default', application: 'checkout', environment: 'production' };
const promotion = { ...production, reason: 'it is time', instead: false };
const person = (name: string, request?: string) => ({ kind: 'user' as const, name, request });

/** What every filling of the port does. Free of any test runner. */
export const promotionCases: readonly PromotionCase[] = [
  {
    title: 'a release walks from stage to stage as it was made, when it finished in the one before',
    run: async (world) => {
      const walk = await openWalk(world);
      const commit = await world.push('ann', ...walkedEnvironments);
      deepEqual(await walk.plan(), ['dev tracking']);
      deepEqual(await walk.plan(), []);
      deepEqual(await walk.settle('dev'), ['staging promotion']);
      deepEqual([await walk.runs('staging'), await walk.runs('production')], [commit, undefined]);
      deepEqual(await walk.settle('staging'), []);
      deepEqual(await walk.waits('production'), ['approval of bob, eve', 'promote']);
    },
  },
  {
    title: 'an order stands until the gates let its release in, and is carried out once however often it comes',
    run: async (world) => {
      const walk = await openWalk(world);
      const commit = await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.settle('staging');
      const twice = () => world.record.promote(promotion, person('carl', 'request-1'));
      const [first, second] = await Promise.all([twice(), twice()]);
      deepEqual([second, first.revision], [first, commit]);
      deepEqual(await walk.plan(), []);
      deepEqual(await walk.waits('production'), ['approval of bob, eve']);
      await world.record.approve(production, person('bob'));
      deepEqual([await walk.plan(), await walk.waits('production')], [['production promotion'], []]);
      deepEqual(await twice(), first);
      await rejects(world.record.promote(promotion, person('carl', 'request-2')), { reason: 'CandidateMissing' });
    },
  },
  {
    title: 'of two who want different releases at the same moment one is first, and the other is told who',
    run: async (world) => {
      const walk = await openWalk(world);
      const commits: string[] = [];
      for (let count = 0; count < 2; count++) {
        commits.push(await world.push('ann', ...walkedEnvironments));
        await walk.plan();
        await walk.settle('dev');
        await walk.settle('staging');
      }
      const orders = await Promise.allSettled(
        commits.map((release, place) => world.record.promote({ ...promotion, release }, person(`person-${place}`))),
      );
      const [taken, refused] = ['fulfilled', 'rejected'].map((status) =>
        orders.filter((order) => order.status === status),
      );
      deepEqual(
        [taken!.length, refused!.map((order) => (order as PromiseRejectedResult).reason.reason)],
        [1, ['PromotionStands']],
      );
      const instead = { ...promotion, release: commits[1]!, instead: true };
      equal((await world.record.promote(instead, person('dan'))).revision, commits[1]);
      await world.record.approve({ ...production, release: commits[1]! }, person('eve'));
      await walk.plan();
      equal(await walk.runs('production'), commits[1]);
    },
  },
  {
    title: 'an approval is taken from those who may and did not write it, and counts for what they saw',
    run: async (world) => {
      const walk = await openWalk(world);
      await world.push('bob', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.settle('staging');
      const approve = (name: string) => world.record.approve(production, person(name));
      await rejects(approve('bob'), { code: 'forbidden', reason: 'ApproverIsAuthor' });
      await rejects(approve('ann'), { code: 'forbidden', reason: 'ApproverUnknown' });
      const staging = { ...production, environment: 'staging' };
      await rejects(world.record.approve(staging, person('eve')), { reason: 'ApprovalNotAsked' });
      await approve('eve');
      const { digest } = await approve('eve');
      equal((await walk.facts()).promotion!.approvals.length, 1);
      await walk.plan();
      deepEqual(await walk.waits('production'), ['promote']);
      await world.push('ann', 'production');
      await walk.plan();
      deepEqual(await walk.waits('production'), ['approval of bob, eve', 'promote']);
      equal((await walk.facts()).promotion!.approvals.find(({ who }) => who === 'eve')!.digest, digest);
    },
  },
  {
    title: 'what a person holds goes nowhere until they say so, once however often that comes, and lapses by itself',
    run: async (world) => {
      const walk = await openWalk(world);
      const commit = await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      const staging = { ...production, environment: 'staging', reason: 'incident 42' };
      const hold = () => world.record.hold(staging, person('ann', 'hold-1'));
      const [first, second] = [await hold(), await hold()];
      deepEqual(second, first);
      await rejects(world.record.hold(staging, person('bob', 'hold-2')), { code: 'conflict', reason: 'HoldStands' });
      const one = { ...staging, release: commit.slice(0, 12) };
      equal((await world.record.hold(one, person('bob', 'hold-3'))).revision, commit);
      deepEqual([await walk.settle('dev'), await walk.waits('staging')], [[], ['hold', 'hold']]);
      const standing = (await walk.facts()).promotion!.standings.find(({ environment }) => environment === 'staging')!;
      deepEqual(
        standing.holds!.map(({ who, revision }) => [who, revision]),
        [
          ['ann', undefined],
          ['bob', commit],
        ],
      );
      equal((await world.record.unhold(one, person('carl'))).holds.length, 1);
      deepEqual([await walk.plan(), await walk.waits('staging')], [[], ['hold']]);
      deepEqual(await world.record.unhold(staging, person('carl')), { holds: [first.hold] });
      await rejects(world.record.unhold(staging, person('carl')), { reason: 'HoldMissing' });
      deepEqual(await walk.plan(), ['staging promotion']);
      await world.record.hold({ ...staging, forMs: 1 }, person('ann'));
      await walk.settle('staging');
      await walk.plan();
      deepEqual((await walk.facts()).promotion!.holds, []);
    },
  },
  {
    title: 'nothing is promoted where Git is tracked, nor anywhere that is no stage, nor what nobody knows',
    run: async (world) => {
      const walk = await openWalk(world);
      await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      const promote = (over: object) => world.record.promote({ ...promotion, ...over }, person('carl'));
      await rejects(promote({ environment: 'dev' }), { reason: 'StageTracks' });
      await rejects(promote({ environment: 'nowhere' }), { reason: 'StageMissing' });
      await rejects(promote({ application: 'nobody' }), {
        reason: 'StageMissing',
        message: /there is no application nobody/,
      });
      await rejects(promote({ release: 'f'.repeat(40) }), { reason: 'CandidateMissing' });
    },
  },
  {
    title: 'what is Degraded in a stage holds what comes after it, and was not well when the next one comes',
    run: async (world) => {
      const walk = await openWalk(world);
      const first = await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.settle('staging');
      await walk.say('staging', 'Degraded');
      await walk.plan();
      equal((await walk.waits('production'))[0], 'health');
      const [, held] = (await walk.facts()).promotion!.past.toReversed();
      deepEqual([held!.environment, held!.wellSince], ['staging', undefined]);
      await walk.say('staging', 'Healthy');
      await walk.plan();
      deepEqual(await walk.waits('production'), ['approval of bob, eve', 'promote']);
      await walk.say('staging', 'Degraded');
      await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.say('staging', 'Healthy');
      await walk.plan();
      const left = (await walk.facts()).promotion!.standings.find(({ environment }) => environment === 'production');
      deepEqual(
        left!.candidates.map(({ revision, state }) => [revision === first, state]),
        [
          [false, 'Waits'],
          [true, 'Skipped'],
        ],
      );
    },
  },
  {
    title: 'a commit that changes only what production reads waits before production',
    run: async (world) => {
      const walk = await openWalk(world);
      await world.push('ann', ...walkedEnvironments);
      await walk.plan();
      await walk.settle('dev');
      await walk.settle('staging');
      const commit = await world.push('ann', 'production');
      deepEqual([await walk.plan(), await walk.waits('production')], [[], ['approval of bob, eve', 'promote']]);
      await world.record.approve({ ...production, release: commit }, person('bob'));
      await world.record.promote({ ...promotion, release: commit }, person('carl'));
      deepEqual([await walk.plan(), await walk.runs('production')], [['production promotion'], commit]);
    },
  },
  {
    title: 'what was taken back on one cluster only goes on, for it is still what its environment runs',
    run: async (world) => {
      const walk = await openWalk(world);
      const second = await world.addCluster('staging', 'staging-2');
      const commits = [];
      for (let count = 0; count < 2; count++) {
        commits.push(await world.push('ann', ...walkedEnvironments));
        await walk.plan();
        await walk.settle('dev');
        await reportWell(world, second);
        await walk.settle('staging');
      }
      const selection = { application: 'checkout', environment: 'staging', cluster: 'staging-2' };
      await goBackAndLetGo(world, { selection, to: commits[0]! });
      await walk.plan();
      await world.record.approve(production, person('bob'));
      await world.record.promote(promotion, person('carl'));
      deepEqual([await walk.plan(), await walk.runs('production')], [['production promotion'], commits[1]]);
    },
  },
];

async function goBackAndLetGo(world: PromotionWorld, goal: Pick<RollbackOrder, 'selection' | 'to'>): Promise<void> {
  const asked = { project: 'default', ...goal };
  const { standing } = await previewRollback(world.rollbacks, asked);
  const order = { ...asked, standing, reason: 'a try', runHooks: false, repair: false };
  await rollBack({ record: world.rollbacks, ids: world.ids }, order, person('ann'));
  const selection = { project: 'default', application: 'checkout' };
  await world.rollbacks.unpin({ selection, forward: false, reason: 'it was not that' }, person('ann'));
}

/** Everything is well on a cluster. */
async function reportWell({ record, report }: PromotionWorld, cluster: string): Promise<void> {
  const { fence, entries } = (await record.setFor(cluster, noFence))!;
  await report(
    cluster,
    fence,
    entries.map((entry) => statusOf(entry, {})),
  );
}
