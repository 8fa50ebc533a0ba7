import type { KubeObject } from '@flotilla/model';
import { annotation } from './annotations.ts';
import { hookTypesOf, isHook, isSkipped, type SyncKind } from './hooks.ts';

/** The parts of a sync in Argo CD's words, in their order. */
export const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;

export type Phase = (typeof phases)[number];

/**
 * The parts of a sync that an object takes part in, by our hook annotation, Argo CD's or Helm's: `Sync` for everything
 * that is no hook, none for a hook that is skipped or that only another tool runs. Where it is known whether it is the
 * first sync or a later one, Helm's hooks for the other are left out.
 */
export function phasesOf(object: KubeObject, kind?: SyncKind): Phase[] {
  if (isSkipped(object)) return [];
  if (!isHook(object)) return ['Sync'];
  const types: readonly string[] = hookTypesOf(object, kind);
  return phases.filter((phase) => types.includes(phase));
}

/**
 * Whether a sync that goes well applies this object: not what is skipped, and no hook for another time, such as one that
 * cleans up before a deletion or after a failure.
 */
export function isForSync(object: KubeObject): boolean {
  return phasesOf(object).some((phase) => phase !== 'SyncFail');
}

/** Where an object stands within its phase: lower numbers first, 0 when nothing is said. */
export function waveOf(object: KubeObject): number {
  for (const name of ['flotilla.dev/wave', 'argocd.argoproj.io/sync-wave', 'helm.sh/hook-weight']) {
    const text = annotation(object, name);
    if (text !== undefined && /^[-+]?\d{1,9}$/.test(text)) return Number(text);
  }
  return 0;
}
