import { Fault, systemClock, systemRandom } from '@flotilla/foundation';
import { fieldManager } from '@flotilla/agent';
import {
  connectInCluster,
  connectKubeconfig,
  connectUrl,
  createKubeClient,
  ManagedCluster,
  type HttpTransport,
} from '@flotilla/platform-kube';
import type { Logger } from '@flotilla/platform-telemetry';
import { measuredTransport } from './measured-transport.ts';
import type { AgentSettings } from './settings.ts';

/** Opens the API server that the settings name. */
export async function connectCluster(settings: AgentSettings, logger: Logger) {
  const transport = await openTransport(settings);
  const client = createKubeClient({
    transport: measuredTransport(transport),
    clock: systemClock,
    random: systemRandom,
    onWarning: ({ subject, text }) => logger.warn({ subject, warning: text }, 'the API server warns'),
  });
  const cluster = new ManagedCluster({ client, manager: fieldManager, clock: systemClock, random: systemRandom });
  const { gitVersion } = await client.version();
  return { cluster, kubernetesVersion: gitVersion, stop: () => transport.close() };
}

async function openTransport(settings: AgentSettings): Promise<HttpTransport> {
  const { KUBECONFIG, KUBE_CONTEXT, KUBE_URL, KUBE_TOKEN } = settings;
  if (KUBE_URL) return connectUrl({ url: KUBE_URL, ...(KUBE_TOKEN && { token: KUBE_TOKEN }) });
  if (KUBECONFIG) return connectKubeconfig({ file: KUBECONFIG, ...(KUBE_CONTEXT && { context: KUBE_CONTEXT }) });
  if (process.env.KUBERNETES_SERVICE_HOST) return connectInCluster();
  throw new Fault({
    code: 'invalid',
    reason: 'SettingsInvalid',
    message: 'no API server: set KUBECONFIG (and KUBE_CONTEXT), or KUBE_URL and KUBE_TOKEN, or run inside a cluster',
  });
}
