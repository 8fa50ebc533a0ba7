import type { KubeObject } from '@flotilla/model';

/** Where Argo CD's users say how one object is synced: `Prune=false,Replace=true`. */
export const argoOptions = 'argocd.argoproj.io/sync-options';

export function annotation(object: KubeObject, name: string): string | undefined {
  const { annotations } = object.metadata ?? {};
  return annotations && Object.hasOwn(annotations, name) ? annotations[name] : undefined;
}

/** The words of an annotation that lists them with commas between, each once; none when it is not there. */
export function annotationWords(object: KubeObject, name: string): string[] {
  const words = wordsIn(annotation(object, name) ?? '');
  return [...new Set(words)].filter((word) => word !== '');
}

/** What an annotation such as `Prune=false,Replace=true` says about one option; the first one counts. */
export function annotationOption(object: KubeObject, name: string, option: string): string | undefined {
  const start = `${option}=`;
  const stated = annotationWords(object, name).find((word) => word.startsWith(start));
  return stated?.slice(start.length);
}

export function wordsIn(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
