import type { KubeObject } from '@flotilla/model';
import { annotation, annotationOption, argoOptions } from './annotations.ts';

/**
 * Whether an object asks to be deleted and made again where a field of it cannot be changed in place, in our word or in
 * Argo CD's two. `Replace=true` alone asks for an update there, which changes nothing about such a field.
 */
export function isReplaceAsked(object: KubeObject): boolean {
  if (annotation(object, 'flotilla.dev/replace') === 'true') return true;
  return ['Replace', 'Force'].every((option) => annotationOption(object, argoOptions, option) === 'true');
}
