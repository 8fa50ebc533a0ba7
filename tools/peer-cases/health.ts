import type { KubeObject } from '@flotilla/model';
import { healthOf } from '@flotilla/workload-health';
import type { Adapter } from './peer-case.ts';

/** Argo CD's words are ours. */
export const argoHealth: Adapter = ({ input, expected }) => ({
  expected: expected?.status,
  actual: healthOf(input as KubeObject).status,
});

/** The words of kstatus and Flux, in Argo CD's. */
export const argoWords: Readonly<Record<string, string>> = {
  Current: 'Healthy',
  InProgress: 'Progressing',
  Failed: 'Degraded',
  Terminating: 'Progressing',
  NotFound: 'Missing',
  Unknown: 'Unknown',
};

/** The generic words of Kubernetes, in Argo CD's. */
export const kstatusHealth: Adapter = ({ input, expected }) => ({
  expected: argoWords[expected?.status as string],
  actual: healthOf(input as KubeObject).status,
});
