import { isoTime, systemClock } from '@flotilla/foundation';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import type { KubeClient } from '@flotilla/platform-kube';
import { controllerManager as manager } from './stand-in.ts';

interface JobSpec {
  readonly template: { readonly spec: { readonly containers: readonly [{ readonly image: string }] } };
}

export const jobs = { group: 'batch', kind: 'Job' };

/** It is done as soon as it is seen; one whose image has the tag `crash` has failed. */
export async function settleJob(client: KubeClient, object: KubeObject): Promise<void> {
  const { conditions } = (object.status ?? {}) as { conditions?: readonly unknown[] };
  if (conditions) return;
  const at = isoTime(systemClock.now()).replace(/\.\d+Z$/, 'Z');
  const [{ image }] = (object.spec as JobSpec).template.spec.containers;
  const status = { startTime: at, ...(image.endsWith(':crash') ? failed(at) : succeeded(at)) };
  await client.mergePatch(keyOfObject(object), { status }, { manager, subresource: 'status' });
}

function succeeded(at: string): object {
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => condition(type, at));
  return { completionTime: at, succeeded: 1, uncountedTerminatedPods: {}, conditions };
}

function failed(at: string): object {
  const why = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  return {
    failed: 1,
    uncountedTerminatedPods: {},
    conditions: ['FailureTarget', 'Failed'].map((type) => ({ ...condition(type, at), ...why })),
  };
}

function condition(type: string, at: string): object {
  return { type, status: 'True', lastProbeTime: at, lastTransitionTime: at };
}
