import type { KubeObject, Reason } from '@flotilla/model';
import { conditionOf } from '../conditions.ts';
import { isRecord, textAt, valueAt } from '../facts.ts';
import { reasonOf } from '../health.ts';
import { containerFailure, containersOf, hasTerminated, isStuck, type ContainerState } from './containers.ts';

/**
 * Why a workload does not get well: what its newest pods say of their first failing container, or else the last
 * warning event of it and what belongs to it. `undefined` when nobody complains. This is the sentence that a person
 * reads instead of "Progressing".
 */
export function failureOf(pods: readonly KubeObject[], events: readonly KubeObject[]): Reason | undefined {
  const living = pods.filter(({ metadata }) => !metadata.deletionTimestamp).toSorted(newestFirst);
  for (const pod of living) {
    const reason = podFailure(pod);
    if (reason) return reason;
  }
  return lastWarning(events);
}

function newestFirst(left: KubeObject, right: KubeObject): number {
  return (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '');
}

function podFailure(pod: KubeObject): Reason | undefined {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded') return undefined;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (phase !== 'Running' && scheduled?.status === 'False') {
    return aboutPod(pod, scheduled.reason || 'Unschedulable', scheduled.message);
  }
  const failing = containersOf(pod).find(isFailing);
  if (failing) return containerFailure(failing);
  // A pod that its node threw out says so itself.
  return phase === 'Failed'
    ? aboutPod(pod, textAt(pod, 'status', 'reason') ?? 'Failed', textAt(pod, 'status', 'message'))
    : undefined;
}

function isFailing(container: ContainerState): boolean {
  if (isStuck(container) || hasTerminated(container)) return true;
  // One that runs again after a crash and is not ready yet will hardly do better this time.
  return !container.init && !container.ready && container.last !== undefined;
}

function aboutPod({ metadata }: KubeObject, code: string, message: string | undefined): Reason {
  return reasonOf(code, [`pod ${metadata.name}`, code, message].filter(Boolean).join(': '));
}

function lastWarning(events: readonly KubeObject[]): Reason | undefined {
  const warnings = events.filter((event) => textAt(event, 'type') === 'Warning');
  const last = warnings.toSorted((left, right) => timeOf(right) - timeOf(left))[0];
  if (!last) return undefined;
  const code = textAt(last, 'reason') ?? 'Warning';
  const about = [valueAt(last, 'involvedObject'), valueAt(last, 'regarding')].find(isRecord);
  const subject = about && `${textAt(about, 'kind') ?? 'object'} ${textAt(about, 'name') ?? ''}`.trim();
  const message = textAt(last, 'message') ?? textAt(last, 'note');
  return reasonOf(code, [subject, code, message?.trim()].filter(Boolean).join(': '));
}

/** Events of either API say when they were seen last, each in its own field. */
function timeOf(event: KubeObject): number {
  const places = [
    ['series', 'lastObservedTime'],
    ['lastTimestamp'],
    ['deprecatedLastTimestamp'],
    ['eventTime'],
    ['firstTimestamp'],
  ];
  const texts = [...places.map((place) => textAt(event, ...place)), textAt(event, 'metadata', 'creationTimestamp')];
  return Date.parse(texts.find((text) => text !== undefined) ?? '') || 0;
}
