import { expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { healthOf } from '../health-of.ts';

type Row = readonly [what: string, kind: string, parts: object, expected: readonly [string, string?]];

const conditions = (...all: readonly (readonly [type: string, status: string, reason?: string])[]) => ({
  status: { conditions: all.map(([type, status, reason = '']) => ({ type, status, reason })) },
});

const elastic = 'elasticsearch.k8s.elastic.co/Elasticsearch';
const shootOf = (state: string) => ({
  metadata: { labels: { 'shoot.gardener.cloud/status': state } },
  status: { lastOperation: { state: 'Succeeded' } },
});
const nodesOf = (availableNodes: number) => ({
  spec: { nodeSets: [{ count: 3 }, { count: 2 }] },
  status: { availableNodes, phase: 'Ready', health: 'green' },
});
const placesOf = (...names: readonly string[]) => ({
  spec: { clusters: [{ name: 'a' }, { name: 'b' }] },
  status: { aggregatedStatus: names.map((clusterName) => ({ clusterName, applied: true, health: 'Healthy' })) },
});
const fractionOf = (statusReplicas: string) => ({ spec: { replicas: 2 }, status: { scale: { statusReplicas } } });

it.each<Row>([
  [
    'a disrupted node',
    'karpenter.sh/NodeClaim',
    conditions(['Ready', 'True'], ['Disrupting', 'True', 'Expired']),
    ['Suspended', 'Expired'],
  ],
  ['a broken node pool', 'karpenter.sh/NodePool', conditions(['Ready', 'False', 'NotReady']), ['Degraded', 'NotReady']],
  [
    'a node that starts',
    'karpenter.sh/NodeClaim',
    conditions(['Ready', 'False', 'Launching']),
    ['Progressing', 'Launching'],
  ],
  [
    'a scaler that falls back',
    'keda.sh/ScaledObject',
    conditions(['Ready', 'True'], ['Fallback', 'True']),
    ['Degraded', 'Fallback'],
  ],
  ['a scaler that need not', 'keda.sh/ScaledObject', conditions(['Ready', 'True'], ['Fallback', 'False']), ['Healthy']],
  [
    'a part that is unwell',
    'numaflow.numaproj.io/Pipeline',
    conditions(['VerticesHealthy', 'False', 'Lagging']),
    ['Degraded', 'Lagging'],
  ],
  ['a route that waits', 'gateway.solo.io/RouteTable', { status: { state: 0 } }, ['Suspended', '0']],
  [
    'the heaviest of several',
    'gloo.solo.io/Proxy',
    { status: { statuses: { a: { state: 'Accepted' }, b: { state: 'Rejected' } } } },
    ['Degraded', 'Rejected'],
  ],
  ['a state in a label', 'core.gardener.cloud/Shoot', shootOf('unhealthy'), ['Degraded', 'unhealthy']],
  ['a label that says nothing against it', 'core.gardener.cloud/Shoot', shootOf('healthy'), ['Healthy']],
  ['fewer nodes than all sets want', elastic, nodesOf(3), ['Progressing', 'NotReady']],
  ['as many nodes as all sets want', elastic, nodesOf(5), ['Healthy']],
  ['fewer places than there shall be', 'work.karmada.io/ResourceBinding', placesOf('a'), ['Progressing', 'NotReady']],
  ['all places that there shall be', 'work.karmada.io/ResourceBinding', placesOf('a', 'b'), ['Healthy']],
  [
    'half of the replicas, in one text',
    'opentelemetry.io/OpenTelemetryCollector',
    fractionOf('1/2'),
    ['Progressing', 'NotReady'],
  ],
  ['all replicas, in one text', 'opentelemetry.io/OpenTelemetryCollector', fractionOf('2/2'), ['Healthy']],
  [
    'a subscription without a state',
    'operators.coreos.com/Subscription',
    conditions(['CatalogSourcesUnhealthy', 'False']),
    ['Progressing', 'NotObserved'],
  ],
  ['a route that nobody has seen', 'gloo.solo.io/Proxy', {}, ['Progressing', 'NotObserved']],
  [
    'half of an update on purpose',
    'apps.kruise.io/CloneSet',
    { spec: { updateStrategy: { partition: 3 } }, status: { replicas: 5 } },
    ['Suspended', '3'],
  ],
  [
    'all of an update',
    'apps.kruise.io/CloneSet',
    { spec: { replicas: 5, updateStrategy: { partition: 0 } }, status: { readyReplicas: 5 } },
    ['Healthy'],
  ],
  [
    'a first job that never came',
    'apps.kruise.io/AdvancedCronJob',
    { status: { lastScheduleTime: null } },
    ['Degraded', 'null'],
  ],
  ['an empty status', 'rabbitmq.com/Vhost', { status: {} }, ['Unknown', '{}']],
  ['a tenant that says nothing', 'minio.min.io/Tenant', { status: { revision: 0 } }, ['Progressing', 'NotUnderstood']],
  [
    'a resource that is in step, and not said to be ready',
    'cloudfront.aws.crossplane.io/Distribution',
    conditions(['Synced', 'True']),
    ['Progressing', 'NotObserved'],
  ],
  ['a setting beside it', 'aws.crossplane.io/ProviderConfig', { status: { users: 1 } }, ['Healthy']],
  [
    'a stage on the way',
    'grafana.integreatly.org/Grafana',
    { status: { stage: 'deployment', stageStatus: 'success' } },
    ['Progressing', 'deployment'],
  ],
  [
    'a stage that failed',
    'grafana.integreatly.org/Grafana',
    { status: { stage: 'ingress', stageStatus: 'failed' } },
    ['Degraded', 'failed'],
  ],
  [
    'what is of an older generation',
    'keda.sh/ScaledObject',
    { metadata: { generation: 2 }, status: { observedGeneration: 1, ...conditions(['Fallback', 'True']).status } },
    ['Progressing', 'NotObserved'],
  ],
  [
    'a policy that one of two has seen',
    'gateway.networking.k8s.io/BackendTLSPolicy',
    { status: { ancestors: [{ ...conditions(['Accepted', 'True']).status }, { conditions: [] }] } },
    ['Progressing', 'NotObserved'],
  ],
])('%s', (_, ...[kind, parts, expected]) => {
  const [group = '', name = ''] = kind.split('/');
  const { status, reason } = healthOf({ apiVersion: `${group}/v1`, kind: name, ...parts } as KubeObject);
  expect(reason ? [status, reason.code] : [status]).toEqual(expected);
});
