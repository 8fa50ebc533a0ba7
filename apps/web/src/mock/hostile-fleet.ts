import type { ClusterView, EventView, TargetView } from '@flotilla/contracts';
import { clusterOf, commitOf, eventOf, targetOf } from './factories.ts';
import { hostileStrings } from './hostile-strings.ts';

interface HostileFleet {
  readonly clusters: readonly ClusterView[];
  readonly targets: readonly TargetView[];
  readonly events: readonly EventView[];
}

/** One cluster and one target whose every word is an attack, and a line of the ledger for each. */
export function hostileFleet(nowMs: number): HostileFleet {
  const everything = hostileStrings.join(' ');
  const place = { application: '<img src=x onerror=alert(1)>', environment: 'dev', cluster: '<svg onload=alert(1)>' };
  const cluster = clusterOf(place.cluster, { 'javascript:alert(1)': everything }, nowMs);
  const target = targetOf(place, commitOf(66), nowMs);
  const reason = { code: '<b>Bad</b>', message: everything };
  const suspended = { by: 'user:<i>eve</i>', reason: everything, since: 'javascript:alert(1)' };
  return {
    clusters: [{ ...cluster, metadata: { ...cluster.metadata, uid: 'cluster-hostile' } }],
    targets: [
      {
        ...target,
        metadata: { ...target.metadata, uid: 'target-hostile' },
        spec: { ...target.spec, suspended },
        status: { ...target.status, health: 'Degraded', reason },
      },
    ],
    events: hostileStrings.map((message) =>
      eventOf(nowMs, { actor: message, action: message, subject: message, message }),
    ),
  };
}
