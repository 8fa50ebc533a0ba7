import { z } from 'zod';
import { Redacted } from '@flotilla/foundation';
import { agentObjects } from '@flotilla/agent';

const secret = z.string().transform((text) => new Redacted(text));

/** What an agent is told by its environment. Inside a cluster, everything but the first two has a default that fits. */
export const agentSettings = z.object({
  /** The control plane's front door; needed once, to enrol. */
  FLOTILLA_URL: z.url().optional(),
  JOIN_TOKEN: secret.optional(),
  /** Which API server: a kubeconfig and context, a URL with a token, or, without either, the cluster it runs in. */
  KUBECONFIG: z.string().optional(),
  KUBE_CONTEXT: z.string().optional(),
  KUBE_URL: z.url().optional(),
  KUBE_TOKEN: secret.optional(),
  AGENT_NAMESPACE: z.string().default(agentObjects.namespace),
  /** The Deployment and container that it runs in, and its own pod: with them it can be upgraded from the control plane. */
  AGENT_DEPLOYMENT: z.string().optional(),
  AGENT_CONTAINER: z.string().default('agent'),
  POD_NAME: z.string().optional(),
  /** Set by an agent for the watchdog that it makes: the upgrade to guard. */
  WATCHDOG_UPGRADE: z.string().optional(),
  /** A folder for Git objects that may be lost at any time; without it they live in memory. */
  CACHE_DIRECTORY: z.string().optional(),
  /** Full paths of the programs that render charts and kustomizations; one that has none is looked for on the PATH. */
  HELM_BIN: z.string().optional(),
  KUSTOMIZE_BIN: z.string().optional(),
  PATH: z.string().optional(),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

export type AgentSettings = z.output<typeof agentSettings>;
