import { operations, type AgentUpgradeView } from '@flotilla/contracts';
import type { Api } from '../api.ts';

/** The upgrade that is under way, or the last one that was; nothing when there never was one. */
export async function newestUpgrade({ client, project }: Api): Promise<AgentUpgradeView | undefined> {
  const page = { params: { project }, query: { limit: 1 } };
  const { items } = await client.call(operations.listAgentUpgrades, page);
  return items[0];
}
