import { join } from 'node:path';
import { systemClock, systemRandom } from '@flotilla/foundation';
import { connectUrl, createKubeClient, type HttpTransport, type KubeClient } from '@flotilla/platform-kube';
import { freePort, plainEnvironment, program, startChild, until, type Child } from '@flotilla/testing';

/** A simulated cluster in a process of its own. */
export interface SimulatedClusterProcess {
  readonly child: Child;
  readonly access: Readonly<Record<string, string>>;
  readonly transport: HttpTransport;
  readonly client: KubeClient;
  stop(): Promise<void>;
}

export async function startSimulatedCluster(directory: string, name: string): Promise<SimulatedClusterProcess> {
  const port = await freePort();
  const token = `token-${name}`;
  const child = startChild({
    name: `kubesim-${name}`,
    command: process.execPath,
    args: ['--enable-source-maps', program('dev', 'kubesim-host.js')],
    env: {
      ...plainEnvironment(),
      SIMULATED_CLUSTERS: JSON.stringify([{ name, port, token }]),
      SNAPSHOT_DIRECTORY: join(directory, 'kubesim'),
    },
    logFile: join(directory, 'logs', `kubesim-${name}.log`),
  });
  const url = `http://127.0.0.1:${port}`;
  const transport = connectUrl({ url, token });
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  await until(() => client.version(), { what: `the simulated cluster ${name}` });
  const stop = async () => {
    await transport.close();
    await child.stop();
  };
  return { child, access: { KUBE_URL: url, KUBE_TOKEN: token }, transport, client, stop };
}
