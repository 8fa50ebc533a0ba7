import type { ObjectKey } from '@flotilla/model';
import { appsNamespace } from './factories.ts';
import type { TargetWorld } from './target-world.ts';

/** The key of a Job where the targets of tests live. */
export const jobKey = (name: string): ObjectKey => ({ group: 'batch', kind: 'Job', namespace: appsNamespace, name });

/** A Job as Git has it, with what makes it a hook among its annotations. */
export function job(name: string, annotations: object): string {
  const metadata = JSON.stringify({ name, annotations });
  return `apiVersion: batch/v1\nkind: Job\nmetadata: ${metadata}\nspec: {template: {spec: {containers: []}}}\n`;
}

/** The annotations of a hook in Argo CD's words. */
export const argo = (hook: string, policy?: string) => ({
  'argocd.argoproj.io/hook': hook,
  ...(policy && { 'argocd.argoproj.io/hook-delete-policy': policy }),
});

/** The annotations of a hook in Helm's words. */
export const helm = (hook: string, weight = '0') => ({ 'helm.sh/hook': hook, 'helm.sh/hook-weight': weight });

/** What a Job's controller says at its end. */
export async function endJob(world: TargetWorld, name: string, type: 'Complete' | 'Failed'): Promise<void> {
  const condition = { type, status: 'True', reason: 'BackoffLimitExceeded', message: 'it failed too often' };
  await world.people.mergePatch(jobKey(name), { status: { conditions: [condition] } });
  await world.settle();
}

/** What we wrote since the last look, in few words. */
export function writtenBriefly(world: TargetWorld): string[] {
  return world
    .takeWrites()
    .filter((line) => line.endsWith(' by flotilla'))
    .map((line) => line.replace(' by flotilla', '').replace('ConfigMap apps/', '').replace('Job apps/', ''));
}
