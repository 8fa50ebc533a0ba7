import { operations } from '@flotilla/contracts';
import { formatPage } from '../output/page.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';
import { readStageName } from '../promotion/stage-name.ts';
import { rolloutPage } from '../rollouts/rollout-page.ts';

/** How far the newest rollout into an environment has come, wave by wave, with whoever failed first. */
export const rolloutStatus = defineVerb<{ readonly output?: 'json' | 'yaml' }>({
  examples: ['rollout status checkout.production', 'rollout status checkout.production -o json'],
  declare: (command) =>
    void command
      .argument('<application.environment>', 'whose rollout, and where')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], { output }) => {
    const { client, project } = await session.api();
    const rollout = await client.call(operations.getRollout, { params: { project, ...readStageName(name) } });
    if (output) session.printExact(await structured(rollout, output));
    else session.print(formatPage(rolloutPage(rollout, session)));
  },
});
