import { AgentLease, type ClusterApi } from '@flotilla/agent';
import { systemClock, toFault } from '@flotilla/foundation';
import type { Logger } from '@flotilla/platform-telemetry';

export interface HoldLeaseOptions {
  readonly cluster: ClusterApi;
  readonly namespace: string;
  readonly instance: string;
  readonly logger: Logger;
  readonly onLost: () => void;
}

/** Waits until this instance may speak for the cluster, for as long as it takes. */
export async function holdLease({ logger, onLost, ...options }: HoldLeaseOptions): Promise<AgentLease> {
  const lease = new AgentLease({
    ...options,
    clock: systemClock,
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the Lease cannot be renewed right now'),
    onLost: () => {
      logger.error({ instance: options.instance }, 'another agent holds the Lease of this cluster; this one ends');
      onLost();
    },
  });
  await lease.acquire(new AbortController().signal);
  return lease;
}
