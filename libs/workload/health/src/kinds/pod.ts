import type { KubeObject } from '@flotilla/model';
import { conditionOf } from '../conditions.ts';
import { containerFailure, containersOf, hasTerminated, isStuck } from '../failure/containers.ts';
import { textAt } from '../facts.ts';
import { degraded, healthy, progressing, unknown, type Health, type HealthRule } from '../health.ts';

export const podHealth: HealthRule = (pod) => {
  const restarts = restartPolicyOf(pod);
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
      return restarts === 'Always'
        ? runningPod(pod)
        : progressing('Running', message ?? 'the pod has not finished yet');
    default:
      return unknown('UnknownPhase', message ?? 'the state of the pod is not known; its node may be lost');
  }
};

/** Argo CD's annotation makes a pod that runs once count like one that stays, unless it is a hook. */
function restartPolicyOf({ metadata, ...pod }: KubeObject): string {
  const annotations = metadata?.annotations ?? {};
  const stays = annotations['argocd.argoproj.io/ignore-restart-policy'] === 'true';
  if (stays && annotations['argocd.argoproj.io/hook'] === undefined) return 'Always';
  return textAt(pod, 'spec', 'restartPolicy') ?? 'Always';
}

function failedPod(
  message: string | undefined,
  container: ReturnType<typeof containersOf>[number] | undefined,
): Health {
  if (message !== undefined || !container) return degraded('Failed', message ?? 'the pod has failed');
  return { status: 'Degraded', reason: containerFailure(container) };
}

const runningPod: HealthRule = (pod) => {
  if (conditionOf(pod, 'Ready')?.status === 'True') return healthy;
  const crashed = containersOf(pod).find((container) => container.last !== undefined);
  if (crashed) return { status: 'Degraded', reason: containerFailure(crashed) };
  return progressing('NotReady', conditionOf(pod, 'Ready')?.message || 'the pod is not ready yet');
};
