import type { KubeObject } from '@flotilla/model';
import { annotation, annotationOption, argoOptions } from './annotations.ts';

/** The words by which tools that their users come from say that an object outlives its manifest. */
const keeping: readonly (readonly [name: string, value: string])[] = [
  ['flotilla.dev/prune', 'false'],
  ['flotilla.dev/prune', 'never'],
  ['helm.sh/resource-policy', 'keep'],
  ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
  ['cli-utils.sigs.k8s.io/on-remove', 'keep'],
  ['client.lifecycle.config.k8s.io/deletion', 'detach'],
];

/** Whether an object says of itself that it is never deleted, in our words, Argo CD's, Flux's, Helm's or cli-utils'. */
export function isNeverDeleted(object: KubeObject): boolean {
  if (keeping.some(([name, value]) => annotation(object, name) === value)) return true;
  return annotationOption(object, argoOptions, 'Prune') === 'false';
}

/** Whether an object says that it stays when its whole application goes, though it may be pruned before. */
export function isKeptWhenAllGoes(object: KubeObject): boolean {
  return annotationOption(object, argoOptions, 'Delete') === 'false';
}

/** Whether an object says of itself that a person confirms its deletion. */
export function isDeletionConfirmed(object: KubeObject): boolean {
  if (annotation(object, 'flotilla.dev/prune') === 'confirm') return true;
  return ['Prune', 'Delete'].some((option) => annotationOption(object, argoOptions, option) === 'confirm');
}
