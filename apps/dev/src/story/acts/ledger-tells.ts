import { application, type StoryScene } from '../story-scene.ts';
import type { StoryAct } from './story-act.ts';

/** Who did what, what ran where, and that nobody changed the book since. */
export const ledgerTells: StoryAct = {
  title: 'Act 5: the ledger tells it all',
  text: 'Every order, every wave, every halt is a line of one chain that anybody can check; what ran where is kept as well.',
  page: '/events',
  play: async (scene: StoryScene) => {
    const { shell, begunAt, badAt } = scene;
    const place = `--application ${application} --environment production`;
    await shell.type(`flotilla ledger list --actor user:bootstrap --since ${begunAt}`);
    await shell.type('flotilla ledger list --action approval');
    await shell.type('flotilla ledger list --action rollout.halt');
    await shell.type('flotilla ledger verify');
    await shell.type(`flotilla ran --image shop/${application}:1.2.0`);
    await shell.type(`flotilla compare --from ${badAt} ${place}`, [1]);
  },
};
