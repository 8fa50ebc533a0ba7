import { operations } from '@flotilla/contracts';
import type { UpgradeOrder } from '@flotilla/model';
import { printUpgrade, upgradeOutput, type UpgradeOutput } from '../agents/upgrade-page.ts';
import { sendOrder } from '../api.ts';
import { defineVerb } from '../program/verb.ts';

/** Stops new clusters from being begun; those that are under way go on. */
export const agentPause = steerVerb('pause');
/** Goes on after a pause, or after too many failures that somebody has looked at. */
export const agentResume = steerVerb('resume');
/** Ends the upgrade: what has not begun stays as it is. */
export const agentAbort = steerVerb('abort');

function steerVerb(order: UpgradeOrder) {
  return defineVerb<UpgradeOutput>({
    examples: [`agent ${order}`],
    declare: (command) => void command.addOption(upgradeOutput()),
    run: async (session, _, options) => {
      const api = await session.api();
      const call = { params: { project: api.project, order } };
      await printUpgrade(session, await sendOrder(api, operations.steerAgentUpgrade, call), options);
    },
  });
}
