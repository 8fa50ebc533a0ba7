import { Fault, systemClock, systemRandom, toFault } from '@flotilla/foundation';
import { connectKubeconfig, createKubeClient } from '@flotilla/platform-kube';
import type { RealCluster } from '../options.ts';

/** Refuses clusters that cannot be asked, before anything is started that would wait for them. */
export async function expectAnswers(clusters: readonly RealCluster[]): Promise<void> {
  for (const cluster of clusters) {
    await askVersion(cluster).catch((error: unknown) => {
      const { message } = toFault(error);
      throw new Fault({
        code: 'invalid',
        reason: 'ClusterUnreachable',
        message: `--kubeconfig ${cluster.kubeconfig} --context ${cluster.context}: ${message}`,
      });
    });
  }
}

async function askVersion({ kubeconfig, context }: RealCluster): Promise<void> {
  const transport = await connectKubeconfig({ file: kubeconfig, context });
  try {
    await createKubeClient({ transport, clock: systemClock, random: systemRandom }).version();
  } finally {
    await transport.close();
  }
}
