import { application } from '../story-scene.ts';
import type { StoryAct } from './story-act.ts';

/** A commit goes through every stage, and over production in waves. */
export const goodRelease: StoryAct = {
  title: 'Act 1: a release walks from dev over staging to production, in waves',
  text: `${application} 1.1.0 is pushed. It enters dev at once, staging after its soak, and production when one person orders it and Ann agrees: first the canary, then a third of the clusters, then the rest. See each of them take its turn.`,
  page: `/rollouts/${application}/production`,
  play: async (scene) => {
    const { shell } = scene;
    const commit = await scene.push('1.1.0', { message: 'checkout 1.1.0' });
    await scene.awaitRollout(commit, 'staging', 'Finished');
    await shell.type(`flotilla describe stage ${application}.production`);
    await scene.promote(commit, 'ticket 42: it is well in staging');
    await scene.awaitRollout(commit, 'production', 'Running');
    await shell.type(`flotilla rollout status ${application}.production`);
    await scene.arrive(commit);
    await shell.type(`flotilla get targets --application ${application}`);
    scene.good = commit;
  },
};
