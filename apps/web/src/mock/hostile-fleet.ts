import type { ClusterView, DocumentView, EventView, TargetView } from '@flotilla/contracts';
import { clusterOf, commitOf, eventOf, freezeOf, targetOf } from './factories.ts';
import { hostileStrings } from './hostile-strings.ts';

interface HostileFleet {
  readonly clusters: readonly ClusterView[];
  readonly targets: readonly TargetView[];
  readonly events: readonly EventView[];
  readonly freezes: readonly DocumentView[];
}

/** One cluster, one target and two freezes whose every word is an attack, and a line of the ledger for each. */
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
    freezes: hostileFreezes(everything, nowMs),
  };
}

/** One that Git owns, and one whose name would be a command of its own. */
function hostileFreezes(everything: string, nowMs: number): DocumentView[] {
  const { metadata, status, ...freeze } = freezeOf(nowMs);
  const clusters = { matchLabels: { 'javascript:alert(1)': everything } };
  const spec = {
    scope: 'all',
    clusters,
    environments: hostileStrings,
    reason: everything,
    until: 'javascript:alert(1)',
  };
  const standing = { freeze: { ...status.freeze!, by: 'user:<i>eve</i>', expires: 'javascript:alert(1)' } };
  const named = (name: string, owner: string) => ({
    ...freeze,
    metadata: { ...metadata, uid: `freeze-${name}`, name, owner },
    spec,
    status: standing,
  });
  return [
    named('<img src=x onerror=alert(1)>', '</script><script>alert(1)</script>'),
    named('$(alert 1); alert 2', 'apply'),
  ];
}
