import { conditionOf } from './conditions.ts';
import type { Pod } from './kube-objects.ts';

/** Still meant to run: neither going nor at its end. */
export function isActive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

export function isReady({ status }: Pod): boolean {
  return conditionOf(status?.conditions, 'Ready')?.status === 'True';
}

/** For how many milliseconds a ready pod has to stay ready until it counts as available; undefined when it is not ready. */
function availableInMs(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const readySince = Date.parse(conditionOf(pod.status?.conditions, 'Ready')!.lastTransitionTime!);
  return Math.max(0, readySince + minReadySeconds * 1000 - now);
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  return availableInMs(pod, minReadySeconds, now) === 0;
}

/** When to look again because a ready pod becomes available by the passing of time alone. */
export function nextAvailableInMs(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.map((pod) => availableInMs(pod, minReadySeconds, now)).filter((ms) => ms !== undefined && ms > 0);
  return waits.length > 0 ? Math.min(...(waits as number[])) : undefined;
}
