import type { TargetView } from '@flotilla/contracts';
import { isoTime, systemClock } from '@flotilla/foundation';
import { crashEverywhere } from '../crash-everywhere.ts';
import { application, type StoryScene } from '../story-scene.ts';
import { wayBackOf } from '../what-happened.ts';
import type { StoryAct } from './story-act.ts';

/** What was well everywhere goes wrong everywhere, and is taken back by one order. */
export const goingBack: StoryAct = {
  title: 'Act 3: a later one goes wrong everywhere, and is taken back in seconds',
  text: `${application} 1.2.0 passes every gate and every wave. An hour later, which is now, it begins to crash on all clusters. One command takes the application back to what was well before, in all environments, from what the clusters themselves hold.`,
  page: `/targets?application=${application}`,
  play: async (scene) => {
    const { shell, fleet, client } = scene;
    scene.bad = await scene.push('1.2.0', { message: 'checkout 1.2.0' });
    await scene.promote(scene.bad, 'ticket 44');
    await scene.arrive(scene.bad);
    await scene.remark(
      'The hour is over: the story lets every container of it crash, in each of the simulated clusters.',
    );
    await crashEverywhere(fleet, application);
    await scene.expectEverywhere('the crash', ({ status }) => status.health === 'Degraded');
    scene.badAt = isoTime(systemClock.now());
    await shell.type(`flotilla get targets --application ${application}`);
    scene.rollback = await orderedRollback(scene);
    await shell.type(`flotilla wait rollback ${scene.rollback} --timeout 60s`);
    const isBack = ({ status }: TargetView) => status.health === 'Healthy' && status.revision !== scene.bad;
    await scene.expectEverywhere('the way back', isBack);
    const { targets, ms } = await wayBackOf(client, scene.rollback);
    const took = `${(ms / 1000).toFixed(1)} s`;
    await scene.remark(`${targets} targets went back in ${took}: from the order to the last one that said it is well.`);
  },
};

async function orderedRollback({ shell }: StoryScene): Promise<string> {
  const order = `flotilla rollback ${application} --to previous-good --reason "orders fail since 1.2.0" --yes`;
  const [, rollback] = /^rollback\/(\S+) ordered$/m.exec(await shell.type(order)) ?? [];
  if (!rollback) throw new Error('nothing was ordered');
  return rollback;
}
