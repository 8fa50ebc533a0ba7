import { newestUpgrade } from '../agents/newest-upgrade.ts';
import { printUpgrade, upgradeOutput, type UpgradeOutput } from '../agents/upgrade-page.ts';
import { defineVerb } from '../program/verb.ts';

/** How far the newest agent upgrade has come, cluster by cluster. */
export const agentStatus = defineVerb<UpgradeOutput>({
  examples: ['agent status', 'agent status -o json'],
  declare: (command) => void command.addOption(upgradeOutput()),
  run: async (session, _, options) => {
    const upgrade = await newestUpgrade(await session.api());
    if (upgrade) await printUpgrade(session, upgrade, options);
    else session.note('no agent was ever upgraded from here');
  },
});
