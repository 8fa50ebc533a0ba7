import { conditionOf } from '../conditions.ts';
import { containerFailure, containersOf, hasTerminated, isStuck } from '../failure/containers.ts';
import { textAt } from '../facts.ts';
import { degraded, healthy, progressing, unknown, type Health, type HealthRule } from '../health.ts';

export const podHealth: HealthRule = (pod) => {
  const restarts = textAt(pod, 'spec', 'restartPolicy') ?? 'Always';
  // A pod that runs once may be waited for by whoever started it: it fails when it has failed, and not before.
  const stuck = restarts === 'Always' ? containersOf(pod).find(isStuck) : undefined;
  if (stuck) return { status: 'Degraded', reason: containerFailure(stuck) };
  const message = textAt(pod, 'status', 'message');
  switch (textAt(pod, 'status', 'phase')) {
    case 'Pending':
    case undefined:
      return progressing('Pending', message ?? 'the pod has not started yet');
    case 'Succeeded':
      return healthy;
    case 'Failed':
      return failedPod(message, containersOf(pod).find(hasTerminated));
    case 'Running':
      return restarts === 'Always' ? runningPod(pod) : progressing('Running', message ?? 'the pod has not finished yet');
    default:
      return unknown('UnknownPhase', message ?? 'the state of the pod is not known; its node may be lost');
  }
};

function failedPod(message: string | undefined, container: ReturnType<typeof containersOf>[number] | undefined): Health {
  if (message !== undefined || !container) return degraded('Failed', message ?? 'the pod has failed');
  return { status: 'Degraded', reason: containerFailure(container) };
}

const runningPod: HealthRule = (pod) => {
  if (conditionOf(pod, 'Ready')?.status === 'True') return healthy;
  const crashed = containersOf(pod).find((container) => container.last !== undefined);
  if (crashed) return { status: 'Degraded', reason: containerFailure(crashed) };
  return progressing('NotReady', conditionOf(pod, 'Ready')?.message || 'the pod is not ready yet');
};
