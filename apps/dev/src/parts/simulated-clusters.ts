import { randomBytes } from 'node:crypto';
import type { Running } from '@flotilla/foundation';
import { freePort, plainEnvironment, program, until } from '@flotilla/testing';
import type { DataDirectory, DemoPorts, DemoSecrets } from '../data-directory.ts';
import type { PlannedCluster } from '../fleet-plan.ts';
import type { SimulatedCluster } from '../kubesim-host.ts';
import { superviseProcess, type Watcher } from '../supervise.ts';

export interface SimulatedClustersOptions {
  readonly data: DataDirectory;
  readonly ports: DemoPorts;
  readonly secrets: DemoSecrets;
  readonly clusters: readonly PlannedCluster[];
  readonly watcher: Watcher;
  /** Where the process is put as soon as it runs, so that it is stopped whatever comes. */
  readonly started: Running[];
}

/** Starts the simulated clusters in one process and waits until each of them answers. */
export async function startSimulatedClusters(options: SimulatedClustersOptions): Promise<SimulatedCluster[]> {
  const { data, ports, secrets, watcher, started } = options;
  const clusters: SimulatedCluster[] = [];
  for (const { name } of options.clusters) {
    const port = (ports.clusters[name] ??= await freePort());
    const token = (secrets.clusterTokens[name] ??= randomBytes(24).toString('hex'));
    clusters.push({ name, port, token });
  }
  await data.keep('ports', ports);
  await data.keep('secrets', secrets);
  const kubesim = await superviseProcess(
    {
      name: 'kubesim',
      command: process.execPath,
      args: ['--enable-source-maps', program('dev', 'kubesim-host.js')],
      env: {
        ...plainEnvironment(),
        SIMULATED_CLUSTERS: JSON.stringify(clusters),
        SNAPSHOT_DIRECTORY: await data.makeFolder('kubesim'),
      },
      logFile: data.logFile('kubesim'),
    },
    watcher,
  );
  started.push(kubesim);
  for (const cluster of clusters) await until(() => answers(cluster), { what: `simulated cluster ${cluster.name}` });
  return clusters;
}

async function answers({ port, token }: SimulatedCluster): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/version`, { headers: { authorization: `Bearer ${token}` } });
  return response.ok;
}
