import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { failureOf } from './failure-of.ts';

function pod(status: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop-1', ...metadata }, status };
}

function event(reason: string, lastTimestamp: string, more: object = {}): KubeObject {
  const involvedObject = { kind: 'ReplicaSet', name: 'shop-7d' };
  const said = { reason, message: `${reason} happened\n`, type: 'Warning', lastTimestamp, involvedObject };
  return { apiVersion: 'v1', kind: 'Event', metadata: { name: reason }, ...said, ...more };
}

const waiting = (reason: string, message?: string) => ({ state: { waiting: { reason, ...(message && { message }) } } });
const app = (more: object) => ({ name: 'app', ready: false, restartCount: 0, ...more });
const running = { state: { running: {} } };

describe('why a workload does not get well', () => {
  it.each([
    [
      'an image that is not there',
      { containerStatuses: [app(waiting('ImagePullBackOff', 'Back-off pulling image "shop:broken"'))] },
      { code: 'ImagePullBackOff', message: 'container app: ImagePullBackOff: Back-off pulling image "shop:broken"' },
    ],
    [
      'a container that crashes again and again',
      {
        containerStatuses: [
          app({
            ...waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'),
            lastState: { terminated: { exitCode: 2, reason: 'Error', message: 'no such database\n' } },
            restartCount: 5,
          }),
        ],
      },
      {
        code: 'CrashLoopBackOff',
        message: 'container app: CrashLoopBackOff: exit code 2: no such database, restarted 5 times',
      },
    ],
    [
      'a container that ate its memory',
      {
        containerStatuses: [
          app({ ...running, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } }, restartCount: 1 }),
        ],
      },
      { code: 'OOMKilled', message: 'container app: OOMKilled: it used more memory than its limit, restarted 1 time' },
    ],
    [
      'an init container before all others',
      {
        initContainerStatuses: [{ name: 'migrate', ...waiting('CreateContainerConfigError', 'secret "db" not found') }],
        containerStatuses: [app(waiting('ErrImagePull'))],
      },
      {
        code: 'CreateContainerConfigError',
        message: 'init container migrate: CreateContainerConfigError: secret "db" not found',
      },
    ],
    [
      'a container that ended badly',
      { phase: 'Failed', containerStatuses: [app({ state: { terminated: { exitCode: 1, reason: 'Error' } } })] },
      { code: 'Error', message: 'container app: Error: exit code 1' },
    ],
    [
      'a pod that fits nowhere',
      {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
        ],
      },
      { code: 'Unschedulable', message: 'pod shop-1: Unschedulable: 0/3 nodes are available' },
    ],
    [
      'a pod that its node threw out',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      { code: 'Evicted', message: 'pod shop-1: Evicted: The node was low on resource: memory.' },
    ],
  ])('tells of %s', (_, status, reason) => {
    expect(failureOf([pod(status)], [event('FailedCreate', '2026-01-01T00:00:00Z')])).toEqual(reason);
  });

  it('listens to the newest pod that complains', () => {
    const broken = (name: string, at: string, more = {}) =>
      pod({ containerStatuses: [{ ...app(waiting('ErrImagePull')), name }] }, { creationTimestamp: at, ...more });
    const pods = [
      broken('old', '2026-01-01T00:00:00Z'),
      broken('new', '2026-01-03T00:00:00Z'),
      broken('leaving', '2026-01-04T00:00:00Z', { deletionTimestamp: '2026-01-04T00:00:01Z' }),
      pod(
        { phase: 'Running', containerStatuses: [app({ ...running, ready: true })] },
        { creationTimestamp: '2026-01-05T00:00:00Z' },
      ),
    ];
    expect(failureOf(pods, [])?.message).toBe('container new: ErrImagePull');
  });

  it('falls back to the last warning, of either event API', () => {
    const quiet = pod({ phase: 'Running', containerStatuses: [app(running)] });
    const events = [
      event('FailedMount', '2026-01-01T00:00:01Z'),
      event('Scheduled', '2026-01-01T00:00:09Z', { type: 'Normal' }),
      event('Old', '2026-01-01T00:00:00Z'),
    ];
    expect(failureOf([quiet], events)).toEqual({
      code: 'FailedMount',
      message: 'ReplicaSet shop-7d: FailedMount: FailedMount happened',
    });
    const newer: KubeObject = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'x' },
      type: 'Warning',
      reason: 'Unhealthy',
      note: 'Readiness probe failed',
      regarding: { kind: 'Pod', name: 'shop-1' },
      series: { lastObservedTime: '2026-01-01T00:00:02.000000Z' },
    };
    expect(failureOf([], [...events, newer])).toEqual({
      code: 'Unhealthy',
      message: 'Pod shop-1: Unhealthy: Readiness probe failed',
    });
  });

  it('says nothing when nobody complains', () => {
    const pods = [
      pod({ phase: 'Pending', containerStatuses: [app(waiting('ContainerCreating'))] }),
      pod({
        phase: 'Succeeded',
        containerStatuses: [app({ state: { terminated: { exitCode: 0, reason: 'Completed' } } })],
      }),
      pod({
        phase: 'Running',
        containerStatuses: [app({ ...running, ready: true, lastState: { terminated: { exitCode: 1 } } })],
      }),
      pod({}),
    ];
    expect(failureOf(pods, [])).toBeUndefined();
  });
});
