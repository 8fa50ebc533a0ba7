import type { Container, ContainerStatus, Pod, PodStatus, Terminated } from '../kube-objects.ts';
import { troubleOf } from './container-fate.ts';
import { podStatus, type ContainerFacts, type PodFacts } from './pod-status.ts';

/** The statuses that pods pass through, each computed from the pod as it is. */

export function startingStatus(pod: Pod, time: string): PodStatus {
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const creating = (): ContainerFacts => ({
    state: { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } },
  });
  return podStatus({ pod, time, phase: 'Pending', isInitialized: !hasInit, init: creating, main: creating });
}

export function runningStatus(pod: Pod, time: string): PodStatus {
  const running: ContainerFacts = { state: { running: { startedAt: time } } };
  const init = finished(pod, time, 0);
  return podStatus({ pod, time, phase: 'Running', isInitialized: true, init, main: () => running });
}

/** At its end: the container in trouble has failed, all others have done their work. */
export function finishedStatus(pod: Pod, time: string): PodStatus {
  const trouble = troubleOf(pod);
  const end = (container: Container, before: ContainerStatus | undefined) =>
    finished(pod, time, container === trouble?.container ? 1 : 0)(container, before);
  const phase = trouble ? 'Failed' : 'Succeeded';
  return podStatus({ pod, time, phase, isInitialized: !trouble?.isInit, init: end, main: end });
}

/** An image that is not there: the kubelet asks for it ever more rarely. */
export function unpullableStatus(pod: Pod, time: string): PodStatus {
  return stuckStatus(pod, time, ({ image }) => {
    const message = `Back-off pulling image "${image}": ${pullError(image)}`;
    return { state: { waiting: { reason: 'ImagePullBackOff', message } } };
  });
}

export function pullError(image: string): string {
  return `ErrImagePull: failed to pull and unpack image "${image}": failed to resolve reference "${image}": not found`;
}

export function crashedStatus(pod: Pod, time: string): PodStatus {
  return stuckStatus(pod, time, ({ name }, before) => {
    const restartCount = before?.lastState.terminated ? before.restartCount + 1 : 0;
    const wait = durationText(crashBackoffMs(restartCount));
    const { namespace, name: podName, uid } = pod.metadata;
    const message = `back-off ${wait} restarting failed container=${name} pod=${podName}_${namespace}(${uid})`;
    return {
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: terminated(pod, name, time, 1) },
      restartCount,
    };
  });
}

/** How long a container that has crashed waits for its next start: twice as long each time, up to five minutes. */
export function crashBackoffMs(restartCount: number): number {
  return Math.min(300_000, 10_000 * 2 ** Math.min(restartCount, 10));
}

/** As Go writes durations. */
function durationText(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** One container is in trouble; those beside it run, those after it wait. */
function stuckStatus(pod: Pod, time: string, look: PodFacts['main']): PodStatus {
  const trouble = troubleOf(pod)!;
  const others = (): ContainerFacts =>
    trouble.isInit
      ? { state: { waiting: { reason: 'PodInitializing' } } }
      : { state: { running: { startedAt: time } } };
  const main: PodFacts['main'] = (container, before) =>
    container === trouble.container ? look(container, before) : others();
  const init: PodFacts['init'] = (container, before) =>
    container === trouble.container ? look(container, before) : finished(pod, time, 0)(container, before);
  const hasRun =
    !trouble.isInit && (pod.spec.containers.length > 1 || look(trouble.container, undefined).lastState !== undefined);
  return podStatus({ pod, time, phase: hasRun ? 'Running' : 'Pending', isInitialized: !trouble.isInit, init, main });
}

function finished(pod: Pod, time: string, exitCode: number): PodFacts['main'] {
  return ({ name }, before) =>
    before?.state.terminated ? before : { state: { terminated: terminated(pod, name, time, exitCode) } };
}

function terminated(pod: Pod, name: string, time: string, exitCode: number): Terminated {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const containerID = `containerd://${pod.metadata.uid}/${name}`;
  return { exitCode, reason, startedAt: time, finishedAt: time, containerID };
}
