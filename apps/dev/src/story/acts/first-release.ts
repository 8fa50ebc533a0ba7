import { isoTime, systemClock } from '@flotilla/foundation';
import { application } from '../story-scene.ts';
import type { StoryAct } from './story-act.ts';

const pipelines = 'fleet/pipelines.yaml';

/** The fleet comes up, and a person clones what it follows. */
export const firstRelease: StoryAct = {
  title: 'The fleet comes up',
  text: `Clusters in three environments follow one repository. Its pipeline takes ${application} to dev as soon as it is pushed, to staging once it was well, and to production by a person's word, wave by wave; the first release is on this road now.`,
  page: `/pipelines/${application}`,
  play: async (scene) => {
    const { shell, fleet } = scene;
    await shell.type(
      `git clone -q -c user.name=me -c user.email=me@example.org ${fleet.house.pushUrl} shop && cd shop`,
    );
    shell.enter('shop');
    await scene.awaitRollout(await shell.ask('git rev-parse HEAD'), 'production', 'Finished');
    await shell.type('flotilla get clusters');
    await scene.remark(
      'From now on Ann has a say in what enters production: she gets a token, and the pipeline gets a gate.',
    );
    await shell.type('flotilla token create ann --permission approve > ../ann.token');
    await shell.type(
      `sed -i '/environment: production, after/s/soak: 2s}/&, {approval: {users: [ann]}}/' ${pipelines}`,
    );
    await shell.type(`git commit -qam 'ann agrees to what enters production' && git push -q`);
    await shell.type(`sed '/^---/,$d' ${pipelines}`);
    scene.good = await shell.ask('git rev-parse HEAD^');
    scene.begunAt = isoTime(systemClock.now());
  },
};
