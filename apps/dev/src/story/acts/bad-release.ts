import { application, runs, short } from '../story-scene.ts';
import type { StoryScene } from '../story-scene.ts';
import type { StoryAct } from './story-act.ts';

/** A release that no cluster can run meets the canary, and nobody else. */
export const badRelease: StoryAct = {
  title: 'Act 2: a bad one stops in wave one',
  text: 'Somebody mistypes the image, in what production alone reads: no stage before could have noticed. The canary fails, the rollout halts, and the other clusters of production keep what they run.',
  page: `/rollouts/${application}/production`,
  play: async (scene) => {
    const { shell } = scene;
    const bad = await scene.push('broken', { message: 'checkout 1.1.1, mistyped', environment: 'production' });
    await scene.promote(bad, 'ticket 43');
    await scene.awaitRollout(bad, 'production', 'Halted');
    await expectCanaryAlone(scene, bad);
    const [canary, ...others] = scene.production();
    await shell.type(`flotilla explain target ${application}.production.${canary}`);
    await shell.type(`flotilla explain target ${application}.production.${others.at(-1) ?? canary}`);
    await scene.remark(
      'The next commit mends it. It takes the place of the one that halted, and walks the whole road; order and agreement may come early, and stand until the gates let it in.',
    );
    const mended = await scene.push('1.1.1', { message: 'checkout 1.1.1' });
    await scene.promote(mended, 'ticket 43: mended');
    await scene.arrive(mended);
    scene.good = mended;
  },
};

async function expectCanaryAlone(scene: StoryScene, bad: string): Promise<void> {
  const [canary] = scene.production();
  const isWell = runs(scene.good);
  await scene.expectEverywhere(`${short(bad)} on ${canary} alone`, (target) => {
    const { environment, cluster } = target.spec;
    if (environment !== 'production' || cluster !== canary) return isWell(target);
    return target.status.revision === bad && target.status.health === 'Degraded';
  });
}
