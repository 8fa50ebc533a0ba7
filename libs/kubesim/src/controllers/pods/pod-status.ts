import { withCondition } from '../conditions.ts';
import type { Condition, Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../kube-objects.ts';

/** How one container is, in few words. */
export interface ContainerFacts {
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
  readonly restartCount?: number;
}

export interface PodFacts {
  readonly pod: Pod;
  readonly time: string;
  readonly phase: NonNullable<PodStatus['phase']>;
  /** Whether the init containers are done. */
  readonly isInitialized: boolean;
  readonly init: (container: Container, before: ContainerStatus | undefined) => ContainerFacts;
  readonly main: (container: Container, before: ContainerStatus | undefined) => ContainerFacts;
}

/** The status that a kubelet writes for a pod of which it knows this. */
export function podStatus({ pod, time, phase, isInitialized, init, main }: PodFacts): PodStatus {
  const { spec, status = {} } = pod;
  const containerStatuses = statusesOf(spec.containers, status.containerStatuses, main);
  const initStatuses = statusesOf(spec.initContainers ?? [], status.initContainerStatuses, init);
  const started = containerStatuses.some(({ state }) => state.running ?? state.terminated) || isInitialized;
  return {
    ...status,
    phase,
    conditions: conditionsOf({
      before: status.conditions ?? [],
      time,
      phase,
      isInitialized,
      started,
      containerStatuses,
    }),
    startTime: status.startTime ?? time,
    ...addressesOf(pod),
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses,
  };
}

function statusesOf(
  containers: readonly Container[],
  before: readonly ContainerStatus[] | undefined,
  look: PodFacts['main'],
): readonly ContainerStatus[] {
  return containers.map((container) => {
    const last = before?.find(({ name }) => name === container.name);
    const { state, lastState = {}, restartCount = last?.restartCount ?? 0 } = look(container, last);
    const hasRun = state.running ?? state.terminated ?? lastState.terminated;
    const isRunning = state.running !== undefined;
    return {
      name: container.name,
      image: container.image,
      imageID: hasRun ? `${container.image.replace(/:[^:/]*$/, '')}@sha256:${'0'.repeat(64)}` : '',
      ready: isRunning || state.terminated?.exitCode === 0,
      started: isRunning,
      restartCount,
      state,
      lastState,
    };
  });
}

interface ConditionFacts {
  readonly before: readonly Condition[];
  readonly time: string;
  readonly phase: PodFacts['phase'];
  readonly isInitialized: boolean;
  readonly started: boolean;
  readonly containerStatuses: readonly ContainerStatus[];
}

function conditionsOf({
  before,
  time,
  phase,
  isInitialized,
  started,
  containerStatuses,
}: ConditionFacts): readonly Condition[] {
  const unready = containerStatuses
    .filter(({ ready, state }) => !ready || state.running === undefined)
    .map(({ name }) => name);
  const readiness = (type: string): Condition => {
    if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
    if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
    const message = `containers with unready status: [${unready.join(' ')}]`;
    return unready.length === 0
      ? { type, status: 'True' }
      : { type, status: 'False', reason: 'ContainersNotReady', message };
  };
  const conditions: Condition[] = [
    { type: 'PodReadyToStartContainers', status: started ? 'True' : 'False' },
    isInitialized
      ? { type: 'Initialized', status: 'True' }
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: 'containers with incomplete status',
        },
    readiness('Ready'),
    readiness('ContainersReady'),
  ];
  return conditions.reduce((all, condition) => withCondition(all, condition, time), before);
}

/** Addresses that stay the same for as long as the pod does. */
function addressesOf({ metadata, spec }: Pod): object {
  const digits = Number.parseInt(metadata.uid.slice(-4), 16);
  const podIP = `10.244.${Math.floor(digits / 256)}.${(digits % 254) + 1}`;
  const hostIP = `172.18.0.${Number(spec.nodeName?.split('-').at(-1) ?? 1) + 1 || 2}`;
  return { hostIP, hostIPs: [{ ip: hostIP }], podIP, podIPs: [{ ip: podIP }] };
}
