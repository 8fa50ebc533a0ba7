import { application, short } from '../story-scene.ts';
import { awaitRepair } from '../what-happened.ts';
import type { StoryAct } from './story-act.ts';

/** What the clusters went back to is what Git says again, by a commit that was pushed for it. */
export const gitRepaired: StoryAct = {
  title: 'Act 4: Git ends repaired',
  text: 'What runs differs from Git only for as long as Git takes to be mended: the control plane pushes one commit that takes 1.2.0 back. Dev and staging follow it by themselves; production does when somebody promotes it.',
  page: '/rollbacks',
  play: async (scene) => {
    const { shell, good, client } = scene;
    const revert = await awaitRepair(client, scene.rollback);
    await shell.type('flotilla get repairs');
    await shell.type('git pull -q && git log --oneline -3 && git show --stat HEAD');
    await shell.type(`git diff ${short(good)} HEAD -- services/${application}`);
    await scene.remark(
      'No difference: what checkout is made of is what it was when it was well. Ann agreed to exactly that once, and is not asked again.',
    );
    await scene.order(revert, 'Git says what runs');
    await scene.arrive(revert);
    await shell.type(`flotilla get targets --application ${application}`);
    await shell.type('flotilla get quarantines');
  },
};
