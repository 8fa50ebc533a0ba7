import type { AgentHome } from '@flotilla/agent';
import type { AgentSettings } from './settings.ts';

/** Where this agent lives, if it was told: without that it upgrades nothing. */
export function homeOf(settings: AgentSettings): AgentHome | undefined {
  const { AGENT_DEPLOYMENT: deployment, AGENT_CONTAINER: container, POD_NAME: pod } = settings;
  if (!deployment || !pod) return undefined;
  return { namespace: settings.AGENT_NAMESPACE, deployment, container, pod };
}
