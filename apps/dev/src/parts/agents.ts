import { operations } from '@flotilla/contracts';
import type { FlotillaClient } from '@flotilla/client';
import { defaultProject } from '@flotilla/model';
import { agentProcess } from '@flotilla/testing';
import type { DataDirectory } from '../data-directory.ts';
import type { PlannedCluster } from '../fleet-plan.ts';
import { superviseProcess, type Supervised, type Watcher } from '../supervise.ts';

/** How an agent reaches its API server, as environment. */
export type ClusterAccess = Readonly<Record<string, string>>;

export interface StartAgentOptions {
  readonly data: DataDirectory;
  readonly client: FlotillaClient;
  readonly gatewayUrl: string;
  readonly cluster: PlannedCluster;
  readonly access: ClusterAccess;
  readonly watcher: Watcher;
}

/** Records a cluster, makes its join token, and starts its agent with it; an enrolled one finds its identity again. */
export async function startAgent(options: StartAgentOptions): Promise<Supervised> {
  const { data, client, gatewayUrl, cluster, access, watcher } = options;
  const joinToken = await joinTokenFor(client, cluster);
  return superviseProcess(
    {
      name: `agent ${cluster.name}`,
      ...agentProcess({
        ...access,
        FLOTILLA_URL: gatewayUrl,
        ...(joinToken && { JOIN_TOKEN: joinToken }),
        CACHE_DIRECTORY: await data.makeFolder(`agents/${cluster.name}`),
      }),
      logFile: data.logFile(`agent-${cluster.name}`),
    },
    watcher,
  );
}

/** No new token for a cluster that was heard before: its agent has an identity. */
async function joinTokenFor(client: FlotillaClient, { name, labels }: PlannedCluster): Promise<string | undefined> {
  const params = { project: defaultProject };
  for await (const known of client.list(operations.listClusters, { params })) {
    if (known.metadata.name === name && known.status.connection !== 'Pending') return undefined;
  }
  const joined = await client.call(operations.joinCluster, { params, body: { name, labels: { ...labels } } });
  return joined.token;
}
