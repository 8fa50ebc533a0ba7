import { operations, type AgentUpgradeView, type ClusterView } from '@flotilla/contracts';
import { isOpenUpgrade } from '@flotilla/model';
import { newestUpgrade } from '../agents/newest-upgrade.ts';
import { allOf } from '../nouns/all-of.ts';
import { ageText, toneOf } from '../nouns/cells.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { formatTable, type Cell } from '../output/table.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface ListOptions {
  readonly selector?: string;
  readonly output?: 'json' | 'yaml';
}

/** Which agent each cluster runs, and what becomes of it in an upgrade that is under way. */
export const agentList = defineVerb<ListOptions>({
  examples: ['agent list', 'agent list -l stage=production'],
  declare: (command) =>
    void command
      .option('-l, --selector <labels>', 'of which clusters; all of them without it')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, _, { selector, output }) => {
    const api = await session.api();
    const query = selector ? { labelSelector: selector } : {};
    const params = { project: api.project };
    const clusters = await allOf(api.client.list(operations.listClusters, { params, query }));
    const upgrade = await newestUpgrade(api);
    const agents = clusters.map((cluster) => agentOf(cluster, upgrade));
    if (output) session.printExact(await structured({ items: agents }, output));
    else session.print(agentTable(agents, session));
  },
});

interface Agent {
  readonly cluster: string;
  readonly version: string;
  readonly connection: string;
  readonly lastSeenAt?: string;
  readonly upgrade?: string;
}

function agentOf({ metadata, status }: ClusterView, upgrade: AgentUpgradeView | undefined): Agent {
  const step = upgrade?.status.steps.find(({ cluster }) => cluster === metadata.name);
  const isOpen = upgrade !== undefined && isOpenUpgrade(upgrade.status.state);
  return {
    cluster: metadata.name,
    version: status.facts?.agentVersion ?? '',
    connection: status.connection,
    ...(status.lastSeenAt && { lastSeenAt: status.lastSeenAt }),
    ...(step && isOpen && { upgrade: `${step.state} ${upgrade.spec.version}` }),
  };
}

function agentTable(agents: readonly Agent[], session: Session): string {
  const painted = (text: string): Cell => {
    const tone = toneOf(text);
    return { text, ...(tone && { paint: session.tones[tone] }) };
  };
  const rows = agents.map(({ cluster, version, connection, lastSeenAt, upgrade = '' }) => [
    { text: cluster },
    { text: version },
    painted(connection),
    { text: ageText(lastSeenAt, session.now()) },
    { text: upgrade },
  ]);
  return rows.length === 0
    ? ''
    : formatTable({ headers: ['CLUSTER', 'AGENT', 'CONNECTION', 'LAST SEEN', 'UPGRADE'], rows });
}
