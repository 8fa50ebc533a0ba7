import { noFence } from '@flotilla/model';
import type { HelloHeard } from '../liveness.port.ts';

/** A hello of an agent that holds nothing yet. */
export function heardHello(cluster: string, at: number, instance: string): HelloHeard {
  return {
    cluster,
    at,
    instance,
    leaseTransitions: 1,
    protocol: 1,
    fence: noFence,
    setDigest: '',
    statusDigest: '',
    facts: { kubernetesVersion: 'v1.34.0', agentVersion: '0.1.0' },
  };
}
