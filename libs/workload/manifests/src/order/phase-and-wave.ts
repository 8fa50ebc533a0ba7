import type { KubeObject } from '@flotilla/model';

/** The parts of a sync in Argo CD's words, in their order. */
export const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;

export type Phase = (typeof phases)[number];

/**
 * The parts of a sync that an object takes part in, by Argo CD's hook annotation or Helm's: `Sync` for everything that
 * is no hook, none for a hook that is skipped or that only another tool runs.
 */
export function phasesOf(object: KubeObject): Phase[] {
  const argo = annotation(object, 'argocd.argoproj.io/hook');
  if (argo !== undefined) return phases.filter((phase) => wordsIn(argo).includes(phase));
  const helm = annotation(object, 'helm.sh/hook');
  if (helm === undefined || helm === 'crd-install') return ['Sync'];
  const known = wordsIn(helm).map((word) => helmPhases.get(word));
  return phases.filter((phase) => known.includes(phase));
}

const helmPhases = new Map<string, Phase>([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
]);

/** Where an object stands within its phase: lower numbers first, 0 when nothing is said. */
export function waveOf(object: KubeObject): number {
  for (const name of ['flotilla.dev/wave', 'argocd.argoproj.io/sync-wave', 'helm.sh/hook-weight']) {
    const text = annotation(object, name);
    if (text !== undefined && /^[-+]?\d{1,9}$/.test(text)) return Number(text);
  }
  return 0;
}

export function annotation(object: KubeObject, name: string): string | undefined {
  const { annotations } = object.metadata ?? {};
  return annotations && Object.hasOwn(annotations, name) ? annotations[name] : undefined;
}

export function wordsIn(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
