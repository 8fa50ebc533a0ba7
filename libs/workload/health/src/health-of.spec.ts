import { describe, expect, it } from 'vitest';
import type { HealthStatus, KubeObject } from '@flotilla/model';
import { healthOf } from './health-of.ts';

interface Parts {
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
}

function object(apiVersion: string, kind: string, { spec, status, metadata }: Parts = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', ...metadata }, ...(spec && { spec }), ...(status && { status }) };
}

const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message });
const generation = (number: number) => ({ generation: number });

type Row = readonly [what: string, status: HealthStatus, code: string | undefined, parts: Parts];

function table(apiVersion: string, kind: string, rows: readonly Row[]): void {
  describe(`${kind} (${apiVersion})`, () => {
    it.each(rows)('%s is %s', (_, ...[status, code, parts]) => {
      const health = healthOf(object(apiVersion, kind, parts));
      expect([health.status, health.reason?.code]).toEqual([status, code]);
    });
  });
}

const rolledOut = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

table('apps/v1', 'Deployment', [
  ['rolled out', 'Healthy', undefined, { metadata: generation(2), spec: { replicas: 2 }, status: rolledOut }],
  ['not seen', 'Progressing', 'NotObserved', { metadata: generation(3), spec: { replicas: 2 }, status: rolledOut }],
  ['just made', 'Progressing', 'NotObserved', { metadata: generation(1), spec: {} }],
  ['being updated', 'Progressing', 'Updating', { spec: { replicas: 2 }, status: { ...rolledOut, updatedReplicas: 1 } }],
  [
    'waiting for old pods',
    'Progressing',
    'Terminating',
    { spec: { replicas: 2 }, status: { ...rolledOut, replicas: 3 } },
  ],
  [
    'not available',
    'Progressing',
    'NotAvailable',
    { spec: { replicas: 2 }, status: { ...rolledOut, availableReplicas: 1 } },
  ],
  [
    'stuck',
    'Degraded',
    'ProgressDeadlineExceeded',
    { status: { ...rolledOut, conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')] } },
  ],
  [
    'without its minimum',
    'Progressing',
    'NotAvailable',
    { spec: { replicas: 2 }, status: { ...rolledOut, conditions: [condition('Available', 'False')] } },
  ],
  ['paused', 'Suspended', 'Paused', { spec: { paused: true }, status: rolledOut }],
  ['scaled to nothing', 'Healthy', undefined, { spec: { replicas: 0 }, status: { observedGeneration: 1 } }],
  [
    'being deleted',
    'Progressing',
    'Deleting',
    { metadata: { deletionTimestamp: 'x', finalizers: ['a'] }, status: rolledOut },
  ],
]);

const ready = { observedGeneration: 1, replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 };

table('apps/v1', 'StatefulSet', [
  ['ready', 'Healthy', undefined, { spec: { replicas: 3 }, status: ready }],
  ['never seen', 'Progressing', 'NotObserved', { spec: { replicas: 3 }, status: { ...ready, observedGeneration: 0 } }],
  ['not ready', 'Progressing', 'NotReady', { spec: { replicas: 3 }, status: { ...ready, readyReplicas: 2 } }],
  ['too many', 'Progressing', 'Terminating', { spec: { replicas: 2 }, status: { ...ready, currentReplicas: 2 } }],
  [
    'between revisions',
    'Progressing',
    'Updating',
    { spec: { replicas: 3 }, status: { ...ready, currentRevision: 'a', updateRevision: 'b' } },
  ],
  [
    'updated by hand',
    'Healthy',
    undefined,
    { spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } }, status: { ...ready, updateRevision: 'b' } },
  ],
  [
    'updated as far as it may',
    'Healthy',
    undefined,
    {
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: { ...ready, updatedReplicas: 1, updateRevision: 'b' },
    },
  ],
  [
    'not as far as it may',
    'Progressing',
    'Updating',
    {
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
      status: { ...ready, updatedReplicas: 1 },
    },
  ],
]);

const scheduled = {
  observedGeneration: 1,
  desiredNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};

table('apps/v1', 'DaemonSet', [
  ['everywhere', 'Healthy', undefined, { status: scheduled }],
  ['never seen', 'Progressing', 'NotObserved', {}],
  ['not updated', 'Progressing', 'Updating', { status: { ...scheduled, updatedNumberScheduled: 1 } }],
  ['not available', 'Progressing', 'NotAvailable', { status: { ...scheduled, numberAvailable: 1 } }],
  ['not ready', 'Progressing', 'NotReady', { status: { ...scheduled, numberReady: 1 } }],
  [
    'updated by hand',
    'Healthy',
    undefined,
    { spec: { updateStrategy: { type: 'OnDelete' } }, status: { ...scheduled, updatedNumberScheduled: 0 } },
  ],
]);

table('apps/v1', 'ReplicaSet', [
  ['ready', 'Healthy', undefined, { spec: { replicas: 1 }, status: { availableReplicas: 1, readyReplicas: 1 } }],
  ['not available', 'Progressing', 'NotAvailable', { spec: { replicas: 1 }, status: {} }],
  [
    'not allowed its pods',
    'Degraded',
    'FailedCreate',
    { status: { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] } },
  ],
]);

const container = (state: object, more: object = {}) => ({ name: 'app', state, ...more });

table('v1', 'Pod', [
  ['ready', 'Healthy', undefined, { status: { phase: 'Running', conditions: [condition('Ready', 'True')] } }],
  [
    'not ready',
    'Progressing',
    'NotReady',
    { status: { phase: 'Running', containerStatuses: [container({ running: {} })] } },
  ],
  ['new', 'Progressing', 'Pending', {}],
  [
    'without image',
    'Degraded',
    'ErrImagePull',
    { status: { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] } },
  ],
  [
    'stuck at its start',
    'Degraded',
    'CrashLoopBackOff',
    { status: { phase: 'Pending', initContainerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] } },
  ],
  [
    'crashed',
    'Degraded',
    'Error',
    {
      status: {
        phase: 'Running',
        containerStatuses: [
          container({ running: {} }, { lastState: { terminated: { exitCode: 1, reason: 'Error' } } }),
        ],
      },
    },
  ],
  [
    'running once',
    'Progressing',
    'Running',
    { spec: { restartPolicy: 'Never' }, status: { phase: 'Running', conditions: [condition('Ready', 'True')] } },
  ],
  [
    'waiting to run once',
    'Progressing',
    'Pending',
    {
      spec: { restartPolicy: 'Never' },
      status: { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] },
    },
  ],
  ['done', 'Healthy', undefined, { status: { phase: 'Succeeded' } }],
  ['failed', 'Degraded', 'Failed', { status: { phase: 'Failed', message: 'x' } }],
  [
    'failed in a container',
    'Degraded',
    'Error',
    { status: { phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3, reason: 'Error' } })] } },
  ],
  ['lost', 'Unknown', 'UnknownPhase', { status: { phase: 'Unknown' } }],
]);

table('batch/v1', 'Job', [
  ['running', 'Progressing', 'Running', { status: { active: 1, conditions: [condition('Failed', 'False')] } }],
  ['complete', 'Healthy', undefined, { status: { conditions: [condition('Complete', 'True')] } }],
  [
    'failed',
    'Degraded',
    'BackoffLimitExceeded',
    { status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] } },
  ],
  [
    'suspended',
    'Suspended',
    'Suspended',
    { spec: { suspend: true }, status: { conditions: [condition('Suspended', 'True')] } },
  ],
]);

table('batch/v1', 'CronJob', [
  ['planned', 'Healthy', undefined, { spec: {} }],
  ['suspended', 'Suspended', 'Suspended', { spec: { suspend: true } }],
]);

table('v1', 'Service', [
  ['inside', 'Healthy', undefined, { spec: { type: 'ClusterIP' } }],
  [
    'reachable',
    'Healthy',
    undefined,
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
  ],
  ['not reachable', 'Progressing', 'NoAddress', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }],
]);

table('networking.k8s.io/v1', 'Ingress', [
  ['reachable', 'Healthy', undefined, { status: { loadBalancer: { ingress: [{ hostname: 'a' }] } } }],
  ['not reachable', 'Progressing', 'NoAddress', {}],
]);

table('v1', 'PersistentVolumeClaim', [
  ['bound', 'Healthy', undefined, { status: { phase: 'Bound' } }],
  ['pending', 'Progressing', 'Pending', { status: { phase: 'Pending' } }],
  ['lost', 'Degraded', 'Lost', { status: { phase: 'Lost' } }],
]);

table('v1', 'PersistentVolume', [
  ['available', 'Healthy', undefined, { status: { phase: 'Available' } }],
  ['failed', 'Degraded', 'Failed', { status: { phase: 'Failed' } }],
]);

table('autoscaling/v2', 'HorizontalPodAutoscaler', [
  ['new', 'Progressing', 'NotScaling', {}],
  ['scaling', 'Healthy', undefined, { status: { conditions: [condition('AbleToScale', 'True', 'SucceededRescale')] } }],
  [
    'blind',
    'Degraded',
    'FailedGetResourceMetric',
    {
      status: {
        conditions: [condition('AbleToScale', 'True'), condition('ScalingActive', 'False', 'FailedGetResourceMetric')],
      },
    },
  ],
  [
    'of the first version',
    'Healthy',
    undefined,
    {
      metadata: {
        annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '[{"type":"AbleToScale","status":"True"}]' },
      },
    },
  ],
  [
    'of the first version, broken',
    'Progressing',
    'NotScaling',
    { metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '{' } } },
  ],
]);

table('apiregistration.k8s.io/v1', 'APIService', [
  ['available', 'Healthy', undefined, { status: { conditions: [condition('Available', 'True')] } }],
  [
    'not available',
    'Progressing',
    'MissingEndpoints',
    { status: { conditions: [condition('Available', 'False', 'MissingEndpoints')] } },
  ],
  ['new', 'Progressing', 'NotObserved', {}],
]);

const accepted = condition('NamesAccepted', 'True');

table('apiextensions.k8s.io/v1', 'CustomResourceDefinition', [
  ['new', 'Progressing', 'NotObserved', { status: { conditions: [] } }],
  ['established', 'Healthy', undefined, { status: { conditions: [accepted, condition('Established', 'True')] } }],
  [
    'installing',
    'Progressing',
    'Installing',
    { status: { conditions: [accepted, condition('Established', 'False', 'Installing')] } },
  ],
  [
    'not established',
    'Degraded',
    'NotEstablished',
    { status: { conditions: [accepted, condition('Established', 'False')] } },
  ],
  [
    'named like another',
    'Degraded',
    'NamesNotAccepted',
    { status: { conditions: [condition('NamesAccepted', 'False')] } },
  ],
  [
    'without structure',
    'Degraded',
    'NonStructuralSchema',
    { status: { conditions: [condition('Established', 'True'), condition('NonStructuralSchema', 'True')] } },
  ],
  ['leaving', 'Progressing', 'Terminating', { status: { conditions: [condition('Terminating', 'True')] } }],
]);

table('policy/v1', 'PodDisruptionBudget', [
  ['new', 'Progressing', 'NotObserved', {}],
  [
    'full',
    'Healthy',
    undefined,
    { status: { conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')] } },
  ],
  [
    'not computed',
    'Degraded',
    'SyncFailed',
    { status: { conditions: [condition('DisruptionAllowed', 'False', 'SyncFailed')] } },
  ],
]);

table('v1', 'Namespace', [
  ['active', 'Healthy', undefined, { status: { phase: 'Active' } }],
  ['leaving', 'Progressing', 'Terminating', { status: { phase: 'Terminating' } }],
]);

table('v1', 'Secret', [['there', 'Healthy', undefined, {}]]);
table('rbac.authorization.k8s.io/v1', 'ClusterRole', [['there', 'Healthy', undefined, {}]]);

const said = (...conditions: object[]) => ({ status: { conditions } });

table('example.org/v1', 'Shop', [
  ['silent', 'Healthy', undefined, { spec: {} }],
  ['ready', 'Healthy', undefined, said(condition('Ready', 'True'), condition('Detail', 'False', 'NotNeeded'))],
  ['not ready yet', 'Progressing', 'Creating', said(condition('Ready', 'False', 'Creating'))],
  ['not known to be ready', 'Progressing', 'Ready', said(condition('Ready', 'Unknown'))],
  ['failing', 'Degraded', 'InstallFailed', said(condition('Ready', 'False', 'InstallFailed'))],
  [
    'failing in its own words',
    'Degraded',
    'Migrating',
    said(condition('Ready', 'False', 'Migrating', 'Error: checksum')),
  ],
  [
    'ready but out of step',
    'Degraded',
    'ReconcileError',
    said(condition('Ready', 'True'), condition('Synced', 'False', 'ReconcileError')),
  ],
  ['stalled', 'Degraded', 'Stalled', said(condition('Stalled', 'True'), condition('Ready', 'True'))],
  ['reconciling', 'Progressing', 'Reconciling', said(condition('Reconciling', 'True'), condition('Ready', 'True'))],
  ['paused by a condition', 'Suspended', 'Paused', said(condition('Paused', 'True'), condition('Ready', 'True'))],
  ['suspended', 'Suspended', 'Suspended', { spec: { suspend: true }, ...said(condition('Ready', 'False', 'Failed')) }],
  ['without trouble', 'Healthy', undefined, said(condition('ShopUnhealthy', 'False'))],
  ['with details only', 'Healthy', undefined, said(condition('SomeDetail', 'False'))],
  ['with an empty list', 'Progressing', 'NotObserved', { status: { conditions: [] } }],
  [
    'behind',
    'Progressing',
    'NotObserved',
    { metadata: generation(2), status: { observedGeneration: 1, conditions: [condition('Ready', 'True')] } },
  ],
  [
    'behind in a condition',
    'Progressing',
    'NotObserved',
    { metadata: generation(2), ...said({ ...condition('Ready', 'True'), observedGeneration: 1 }) },
  ],
  ['in a good phase', 'Healthy', undefined, { status: { phase: 'Running' } }],
  ['in a bad phase', 'Degraded', 'UpdateFailed', { status: { state: 'UpdateFailed', message: 'x' } }],
  [
    'in a phase on the way',
    'Progressing',
    'Waiting for Pods to be ready',
    { status: { currentState: 'Waiting for Pods to be ready' } },
  ],
  [
    'at the wish for a phase',
    'Progressing',
    'Creating',
    { status: { desiredState: 'Failed', currentState: 'Creating' } },
  ],
  ['nowhere', 'Missing', 'NotFound', { status: { state: 'NotFound' } }],
  ['of two words, the worse', 'Progressing', 'yellow', { status: { phase: 'Ready', health: 'yellow' } }],
  [
    'ready while it scales',
    'Healthy',
    undefined,
    { status: { phase: 'Scaling', conditions: [condition('Ready', 'True')] } },
  ],
  [
    'ready in a bad phase',
    'Degraded',
    'Failed',
    { status: { phase: 'Failed', conditions: [condition('Ready', 'True')] } },
  ],
  ['short of replicas', 'Progressing', 'NotReady', { spec: { replicas: 3 }, status: { readyReplicas: 2 } }],
  ['ready by a flag', 'Healthy', undefined, { status: { ready: true } }],
  ['not ready by a flag', 'Progressing', 'NotReady', { status: { ready: false } }],
  [
    'bad in one place',
    'Degraded',
    'failure',
    {
      status: { environments: [{ phase: 'success' }, { phase: 'failure' }], conditions: [condition('Ready', 'True')] },
    },
  ],
]);

table('gateway.networking.k8s.io/v1', 'HTTPRoute', [
  ['new', 'Progressing', 'NotObserved', {}],
  [
    'accepted',
    'Healthy',
    undefined,
    { status: { parents: [{ conditions: [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')] }] } },
  ],
  [
    'refused',
    'Degraded',
    'NoMatchingParent',
    { status: { parents: [{ conditions: [condition('Accepted', 'False', 'NoMatchingParent')] }] } },
  ],
  [
    'refused in the past',
    'Healthy',
    undefined,
    {
      metadata: generation(2),
      status: {
        parents: [
          {
            conditions: [
              { ...condition('Accepted', 'False', 'X'), observedGeneration: 1 },
              { ...condition('Accepted', 'True'), observedGeneration: 2 },
            ],
          },
        ],
      },
    },
  ],
]);

table('argoproj.io/v1alpha1', 'AnalysisRun', [
  ['running', 'Progressing', 'Running', { status: { phase: 'Running' } }],
  ['done', 'Healthy', undefined, { status: { phase: 'Successful' } }],
]);

describe('what a person reads', () => {
  it('says how far it is, in a sentence', () => {
    const deployment = object('apps/v1', 'Deployment', {
      spec: { replicas: 3 },
      status: { replicas: 1, updatedReplicas: 1 },
    });
    expect(healthOf(deployment).reason?.message).toBe('1 of 3 replicas are updated');
    const leaving = object('v1', 'ConfigMap', { metadata: { deletionTimestamp: 'x', finalizers: ['a/b', 'c'] } });
    expect(healthOf(leaving).reason?.message).toBe('is being deleted, and waits for a/b, c');
  });

  it('takes anything that a cluster may hold, and never grows without end', () => {
    const strange = [null, 'text', 5, [], { conditions: 'x' }, { conditions: [null, 5, {}] }, { phase: 7 }];
    for (const status of strange) {
      for (const kind of ['Deployment', 'Shop', 'Pod', 'HorizontalPodAutoscaler']) {
        const health = healthOf({
          apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
          kind,
          status,
        } as unknown as KubeObject);
        expect(health.status).toMatch(/Healthy|Progressing/);
      }
    }
    const long = object(
      'example.org/v1',
      'Shop',
      said(condition('Ready', 'False', 'F'.repeat(100), 'x'.repeat(9_000))),
    );
    expect(healthOf(long).reason?.message.length).toBe(2_000);
  });
});
