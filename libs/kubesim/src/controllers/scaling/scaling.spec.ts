import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { webDeployment } from '../../testing/workloads.ts';

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

describe('an autoscaler', () => {
  const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web';
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
  };
  const conditions = async () =>
    (await cluster.get(path)).status.conditions.map((condition: Record<string, string>) =>
      [condition['type'], condition['status'], condition['reason']].join(' '),
    );

  it('is content with what it finds, and follows the replicas of its target without changing them', async () => {
    await cluster.apply(autoscaler);
    await cluster.advance(100);
    expect(await conditions()).toEqual(['AbleToScale False FailedGetScale']);

    await cluster.apply(webDeployment('nginx:1', { replicas: 2 }));
    await cluster.advance(1_000);
    expect((await cluster.get(path)).status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2 });
    expect(await conditions()).toEqual([
      'AbleToScale True ReadyForNewScale',
      'ScalingActive True ValidMetricFound',
      'ScalingLimited False DesiredWithinRange',
    ]);
    await cluster.apply(webDeployment('nginx:1', { replicas: 4 }));
    await cluster.advance(1_000);
    expect((await cluster.get(path)).status).toMatchObject({ currentReplicas: 4, desiredReplicas: 4 });
  });
});

const budget = (spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

describe('a disruption budget', () => {
  it.each([
    [{ minAvailable: 2 }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ minAvailable: '50%' }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 1 }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ minAvailable: 3 }, { desiredHealthy: 3, disruptionsAllowed: 0 }],
  ])('%o of three pods: %o', async (spec, expected) => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 3 }));
    await cluster.apply(budget(spec));
    await cluster.advance(1_000);
    const { status } = await cluster.get('/apis/policy/v1/namespaces/default/poddisruptionbudgets/web');
    expect(status).toMatchObject({ expectedPods: 3, currentHealthy: 3, observedGeneration: 1, ...expected });
    const isAllowed = expected.disruptionsAllowed > 0;
    expect(status.conditions).toMatchObject([{ type: 'DisruptionAllowed', status: isAllowed ? 'True' : 'False' }]);
  });
});
