import { documentApiVersion, documentSchemas, type ApplicationDocument, type DesiredEntry } from '@flotilla/model';
import type { ApplicationFacts, ClusterFacts, DeliveryFacts, FreezeFacts, StageFacts, TargetFacts } from '../facts.ts';

/** Commits that read well in a failed assertion. */
export const commits = { first: '1'.repeat(40), second: '2'.repeat(40), third: '3'.repeat(40) } as const;

/** The application `checkout` of the default project, as it is stored. */
export function checkoutDocument(sync: Partial<ApplicationDocument['spec']['sync']> = {}): ApplicationDocument {
  return documentSchemas.Application.parse({
    apiVersion: documentApiVersion,
    kind: 'Application',
    metadata: { name: 'checkout' },
    spec: {
      pipeline: 'standard',
      source: { repository: 'shop', path: 'services/checkout/${environment.name}' },
      namespace: 'checkout-${environment.name}',
      sync,
    },
  });
}

export function checkoutFacts(over: Partial<ApplicationFacts> = {}): ApplicationFacts {
  const url = 'https://git.example.org/shop.git';
  const named = { uid: 'checkout-uid', project: 'default', name: 'checkout' };
  return { ...named, document: checkoutDocument(), repositoryUrl: url, ...over };
}

/** A stage of `checkout` that takes the clusters labelled with its environment's name. */
export function stageFacts(environment: string, over: Partial<StageFacts> = {}): StageFacts {
  return {
    environment,
    clusters: { matchLabels: { [environment]: 'true' } },
    ref: 'refs/heads/main',
    path: `services/checkout/${environment}`,
    also: [],
    namespace: `checkout-${environment}`,
    ...over,
  };
}

export function clusterFacts(name: string, ...environments: readonly string[]): ClusterFacts {
  return { uid: `${name}-uid`, name, labels: Object.fromEntries(environments.map((each) => [each, 'true'])) };
}

/** A target that runs on a cluster. */
export function targetFacts(entry: DesiredEntry, cluster: string, over: Partial<TargetFacts> = {}): TargetFacts {
  const { target: uid, environment } = entry;
  return { uid, environment, cluster: `${cluster}-uid`, entry, onRemove: 'orphan', gone: false, ...over };
}

/** A freeze of everything in `dev`, by ann, that stands until somebody lifts it. */
export function freezeFacts(name: string, over: Partial<FreezeFacts['spec']> = {}): FreezeFacts {
  const whole = { environments: ['dev'], scope: 'deploys' as const, reason: 'incident 42', until: 'lifted' };
  const spec: FreezeFacts['spec'] = { ...whole, ...over };
  return { name, spec, by: 'user:ann', since: '2025-12-31T20:00:00.000Z' };
}

/** The facts of `checkout` on one cluster in `dev`, before Git was asked. */
export function deliveryFacts(over: Partial<DeliveryFacts> = {}): DeliveryFacts {
  return {
    now: new Date('2026-01-01T00:00:00.000Z'),
    application: checkoutFacts(),
    stages: [stageFacts('dev')],
    clusters: [clusterFacts('c1', 'dev')],
    targets: [],
    releases: [],
    running: [],
    freezes: [],
    quarantine: [],
    ...over,
  };
}
