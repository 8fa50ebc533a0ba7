import type { KubeObject } from '@flotilla/model';
import type { AgentHome, DeploymentReading, HomeContainer } from './agent-deployment.ts';

/** What is kept of a watchdog that has ended, for whoever wants to read its log. */
const keptSeconds = 3_600;

/** What a watchdog is told by its environment, besides what an agent is. */
export const watchdogVariable = 'WATCHDOG_UPGRADE';

export function watchdogName({ deployment }: Pick<AgentHome, 'deployment'>, upgrade: string): string {
  return `${deployment.slice(0, 30)}-watchdog-${upgrade.slice(-12)}`.toLowerCase();
}

/**
 * The Job that guards one upgrade. It runs the old agent's image, which is known to work here, as the agent runs: same
 * account, same environment, same place. It is started again whenever it dies.
 */
export function watchdogJob(home: AgentHome, reading: DeploymentReading, upgrade: string): KubeObject {
  const { podSpec, container } = reading;
  const { containers: _, ...place } = podSpec;
  const labels = { 'app.kubernetes.io/name': 'flotilla-watchdog' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: watchdogName(home, upgrade), namespace: home.namespace, labels },
    spec: {
      backoffLimit: 1_000,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: { ...place, restartPolicy: 'OnFailure', containers: [watchdogContainer(container, upgrade)] },
      },
    },
  };
}

/** Probes and ports are the agent's: a watchdog serves nobody. */
function watchdogContainer(container: HomeContainer, upgrade: string): HomeContainer {
  const { livenessProbe: _1, readinessProbe: _2, startupProbe: _3, ports: _4, ...kept } = container;
  const { args = [], env = [] } = kept as { args?: readonly string[]; env?: readonly object[] };
  return {
    ...kept,
    imagePullPolicy: 'IfNotPresent',
    args: [...args, 'watchdog'],
    env: [...env, { name: watchdogVariable, value: upgrade }],
  };
}
