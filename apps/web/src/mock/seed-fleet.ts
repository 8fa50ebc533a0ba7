import type { ClusterView, DocumentView, RolloutView, StageView, TargetView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { clusterOf, commitOf, documentOf, freezeOf, targetOf } from './factories.ts';
import { seedRollbacks, type MockRollbacks } from './rollback-factory.ts';
import { seedRollouts } from './seed-rollouts.ts';
import { seedStages } from './stage-factory.ts';

const applications = [
  'accounts',
  'catalogue',
  'checkout',
  'mail',
  'payments',
  'recommendations',
  'search',
  'storefront',
];
const environments = ['dev', 'staging', 'canary', 'production'];
const regions = ['eu-west', 'eu-north', 'us-east', 'us-west', 'ap-south'];

const track = { repository: 'shop', branch: 'main' };

/** One stage after another. */
const standardStages = [
  { environment: 'dev', track },
  { environment: 'staging', after: ['dev'], promote: 'auto' },
  { environment: 'canary', after: ['staging'], promote: 'auto', gates: [{ soak: '30m' }] },
  { environment: 'production', after: ['canary'], promote: 'manual', gates: [{ soak: '4h' }] },
];

/** Two ways that meet again, and people who have to agree. */
const carefulStages = [
  { environment: 'dev', track },
  { environment: 'staging', after: ['dev'], promote: 'auto' },
  { environment: 'canary', after: ['dev'], promote: 'auto' },
  {
    environment: 'production',
    after: ['staging', 'canary'],
    promote: 'manual',
    gates: [{ soak: '30m' }, { approval: { group: 'shop-leads', count: 2 } }],
  },
];

const careful: ReadonlySet<string> = new Set(['checkout', 'payments']);

/** What a mock fleet begins with. */
export interface FleetSeed {
  readonly documents: readonly DocumentView[];
  readonly clusters: readonly ClusterView[];
  readonly targets: readonly TargetView[];
  readonly rollouts: readonly RolloutView[];
  readonly stages: readonly StageView[];
  readonly rollbacks: MockRollbacks;
}

/** A shop of eight applications on its way through four environments; a few things are not as they should be. */
export function seedFleet(productionClusters: number, nowMs: number): FleetSeed {
  const clusters = environments.flatMap((environment) => clustersIn(environment, productionClusters, nowMs));
  const targets = clusters.flatMap(({ metadata, spec }) =>
    applications.flatMap((application, index) => {
      const environment = spec.labels['stage']!;
      if (application === 'mail' && environment === 'canary') return [];
      return [targetOf({ application, environment, cluster: metadata.name }, commitOf(100 + index), nowMs)];
    }),
  );
  return {
    documents: documents(nowMs),
    clusters: clusters.map(troubledCluster),
    stages: seedStages(nowMs),
    rollbacks: seedRollbacks(nowMs),
    ...seedRollouts(targets.map(troubled(nowMs)).map(held(nowMs)), nowMs),
  };
}

function clustersIn(stage: string, productionClusters: number, nowMs: number): ClusterView[] {
  const number = { dev: 1, staging: 2, canary: 2, production: productionClusters }[stage] ?? 1;
  return Array.from({ length: number }, (_, index) => {
    const region = regions[index % regions.length]!;
    const name = `${stage}-${region}-${Math.floor(index / regions.length) + 1}`;
    return clusterOf(name, { stage, region, provider: index % 3 === 2 ? 'on-premises' : 'aws' }, nowMs);
  });
}

function documents(nowMs: number): DocumentView[] {
  return [
    documentOf('Repository', 'shop', { url: 'https://git.example.org/shop.git' }),
    ...environments.map((name) => documentOf('Environment', name, { clusters: { matchLabels: { stage: name } } })),
    documentOf('Pipeline', 'standard', { stages: standardStages }),
    documentOf('Pipeline', 'careful', { stages: carefulStages }),
    freezeOf(nowMs),
    ...[...applications, 'newsletter'].map((name) =>
      documentOf('Application', name, { pipeline: careful.has(name) ? 'careful' : 'standard' }),
    ),
  ];
}

function troubledCluster(cluster: ClusterView): ClusterView {
  const { name } = cluster.metadata;
  if (name === 'staging-eu-north-1') return { ...cluster, status: { ...cluster.status, connection: 'Lost' } };
  if (name !== 'canary-eu-west-1') return cluster;
  return { ...cluster, status: { ...cluster.status, agentFence: { epoch: 1, generation: 41 } } };
}

/** Mail is held at what it went back to. */
function held(nowMs: number): (target: TargetView) => TargetView {
  const since = isoTime(nowMs - 2 * 60_000);
  const pin = { by: 'user:mara', reason: 'incident 42: nothing is sent', since };
  return (target) => (target.spec.application === 'mail' ? { ...target, spec: { ...target.spec, pin } } : target);
}

function troubled(nowMs: number): (target: TargetView) => TargetView {
  const since = isoTime(nowMs - 14 * 60_000);
  return (target) => {
    const { spec, status } = target;
    if (spec.application === 'payments' && spec.cluster === 'canary-eu-north-1') {
      const message = 'container app is in CrashLoopBackOff: last exit 1, 7 restarts; "cannot reach ledger-db:5432"';
      return {
        ...target,
        status: { ...status, health: 'Degraded', since, reason: { code: 'CrashLoopBackOff', message } },
      };
    }
    if (spec.application === 'search' && spec.environment === 'staging') {
      const suspended = { by: 'user:mara', reason: 'index is being rebuilt by hand, until Thursday', since };
      return { ...target, spec: { ...spec, suspended }, status: { ...status, health: 'Suspended', since } };
    }
    return target;
  };
}
