import { deepEqual } from 'node:assert/strict';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import { openWalk, walkedEnvironments, type PromotionCase, type PromotionWorld } from './promotion-world.ts';

const staging = { application: 'checkout', environment: 'staging' };
const ann = { kind: 'user' as const, name: 'ann', request: undefined };

/** What every filling of the record does with a stage in which a release goes in waves, and nobody may take it. */
export const heldStageCases: readonly PromotionCase[] = [
  {
    title: 'what nobody in a stage took goes no further; once they are let go it goes over them in waves, and then on',
    run: async (world) => {
      const { walk, enter } = await inWaves(world);
      const good = await enter();
      await enter();
      deepEqual(await walk.waits('production'), ['approval of bob, eve', 'promote']);
      await goBack(world, good);
      await walk.plan();
      await walk.say('staging', 'Healthy');
      for (const { rollout } of (await walk.facts()).running) await world.record.settleRollout(rollout);
      await walk.plan();
      const commit = await enter();
      deepEqual((await walk.waits('production'))[0], 'health');
      const forward = { selection: { project: 'default', ...staging }, forward: true, reason: 'mended' };
      await world.rollbacks.unpin(forward, ann);
      deepEqual([await walk.plan(), await walk.runs('staging')], [['staging promotion'], good]);
      await walk.look('staging');
      deepEqual([await walk.runs('staging'), (await walk.waits('production'))[0]], [commit, 'health']);
      await walk.settle('staging');
      deepEqual(await walk.waits('production'), ['approval of bob, eve', 'promote']);
    },
  },
  {
    title: 'what a person passed everybody in a stage by with goes no further',
    run: async (world) => {
      const { walk, reach } = await inWaves(world);
      await reach();
      await world.record.steerRollout({ project: 'default', ...staging, order: 'skip', cluster: 'staging' }, ann);
      await walk.look('staging');
      deepEqual((await walk.facts()).running, []);
      deepEqual((await walk.waits('production'))[0], 'health');
    },
  },
];

/** Releases go over `staging` in waves. */
async function inWaves(world: PromotionWorld) {
  await world.useStrategy('staging', { waves: [{ name: 'canary', take: 1 }] });
  const walk = await openWalk(world);
  /** A commit is well in `dev`, and its rollout in `staging` has begun. */
  const reach = async () => {
    const commit = await world.push('ann', ...walkedEnvironments);
    await walk.plan();
    await walk.settle('dev');
    return commit;
  };
  /** It is well there as well, where anybody may take it. */
  const enter = async () => {
    const commit = await reach();
    await walk.look('staging');
    if ((await walk.runs('staging')) === commit) await walk.settle('staging');
    return commit;
  };
  return { walk, reach, enter };
}

/** Git is left as it is, so that everybody in `staging` stays held. */
async function goBack(world: PromotionWorld, to: string): Promise<void> {
  const asked = { project: 'default', selection: staging, to };
  const { standing } = await previewRollback(world.rollbacks, asked);
  const order = { ...asked, standing, reason: 'incident 42', runHooks: false, repair: false };
  await rollBack({ record: world.rollbacks, ids: world.ids }, order, ann);
}
