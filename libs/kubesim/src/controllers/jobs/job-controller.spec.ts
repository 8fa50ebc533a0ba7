import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { podTemplate } from '../../testing/workloads.ts';

const pods = '/api/v1/namespaces/default/pods';
const migrate = '/apis/batch/v1/namespaces/default/jobs/migrate';

const job = (image: string, spec: object = {}, restartPolicy = 'Never') => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: { template: { spec: { ...(podTemplate('x', image)['spec'] as object), restartPolicy } }, ...spec },
});

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

async function conditions(): Promise<string[]> {
  const { status } = await cluster.get(migrate);
  return (status.conditions ?? []).map((condition: Record<string, string>) =>
    [condition['type'], condition['status'], condition['reason']].join(' '),
  );
}

describe('a job', () => {
  it('runs its pods, so many at a time, until enough have succeeded', async () => {
    await cluster.apply(job('tool:1', { completions: 3, parallelism: 2 }));
    await cluster.advance(100);
    expect((await cluster.get(migrate)).status).toMatchObject({ active: 2, ready: 0 });
    await cluster.advance(3_000);
    const { status } = await cluster.get(migrate);
    expect(status).toMatchObject({ succeeded: 3, ready: 0, completionTime: expect.any(String) });
    expect(status.active).toBeUndefined();
    expect(await conditions()).toEqual([
      'SuccessCriteriaMet True CompletionsReached',
      'Complete True CompletionsReached',
    ]);
    expect((await cluster.items(pods)).map(({ status: { phase } }) => phase as string)).toEqual([
      'Succeeded',
      'Succeeded',
      'Succeeded',
    ]);
  });

  it('tries again after a failure, later each time, and gives up at its limit', async () => {
    await cluster.apply(job('tool:crash', { backoffLimit: 2 }));
    await cluster.advance(5_000);
    expect((await cluster.get(migrate)).status).toMatchObject({ failed: 1 });
    await cluster.advance(10_000);
    expect((await cluster.get(migrate)).status).toMatchObject({ failed: 2 });
    await cluster.advance(30_000);
    expect((await cluster.get(migrate)).status).toMatchObject({ failed: 3 });
    expect(await conditions()).toEqual(['FailureTarget True BackoffLimitExceeded', 'Failed True BackoffLimitExceeded']);
  });

  it('counts restarts in place as failures', async () => {
    await cluster.apply(job('tool:crash', { backoffLimit: 1 }, 'OnFailure'));
    await cluster.advance(60_000);
    expect(await conditions()).toContain('Failed True BackoffLimitExceeded');
    expect(await cluster.items(pods)).toEqual([]);
  });

  it('fails when its time is up', async () => {
    await cluster.apply(job('tool:broken', { activeDeadlineSeconds: 30 }));
    await cluster.advance(20_000);
    expect(await conditions()).toEqual([]);
    await cluster.advance(11_000);
    expect(await conditions()).toContain('Failed True DeadlineExceeded');
  });

  it('has no pods while it is suspended', async () => {
    await cluster.apply(job('tool:broken'));
    await cluster.advance(1_000);
    await cluster.apply(job('tool:broken', { suspend: true }));
    await cluster.advance(1_000);
    expect(await conditions()).toEqual(['Suspended True JobSuspended']);
    expect(await cluster.items(pods)).toEqual([]);
    await cluster.apply(job('tool:broken', { suspend: false }));
    await cluster.advance(1_000);
    expect(await conditions()).toEqual(['Suspended False JobResumed']);
    expect(await cluster.items(pods)).toHaveLength(1);
  });

  it('goes by itself, with its pods, when it says so', async () => {
    await cluster.apply(job('tool:1', { ttlSecondsAfterFinished: 60 }));
    await cluster.advance(50_000);
    expect(await conditions()).toContain('Complete True CompletionsReached');
    await cluster.advance(15_000);
    expect((await cluster.api.request('GET', migrate)).status).toBe(404);
    expect(await cluster.items(pods)).toEqual([]);
  });
});
