import type { KubeObject } from '@flotilla/model';
import { annotation, annotationWords } from './annotations.ts';

/** When a hook runs, in Argo CD's words; `Skip` means that it is not applied at all when it stands alone. */
export const hookTypes = ['Skip', 'PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'] as const;

export type HookType = (typeof hookTypes)[number];

/** When the object of a hook is deleted: before it is made again, or once it ended well or badly. */
export const hookDeletePolicies = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed'] as const;

export type HookDeletePolicy = (typeof hookDeletePolicies)[number];

/** Helm's words with the same meaning; a rollback of ours runs no hooks, so Helm's hooks of rollbacks have none. */
const helmTypes = new Map<string, HookType>([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
  ['pre-delete', 'PreDelete'],
  ['post-delete', 'PostDelete'],
]);

const helmDeletePolicies = new Map<string, HookDeletePolicy>([
  ['before-hook-creation', 'BeforeHookCreation'],
  ['hook-succeeded', 'HookSucceeded'],
  ['hook-failed', 'HookFailed'],
]);

/** Whether nothing of the target ran before: Helm has hooks for the first time, and others for every time after it. */
export type SyncKind = 'install' | 'upgrade';

/**
 * When this object runs as a hook, in the order in which it says so. Helm's word counts where ours and Argo CD's are
 * silent, and of Helm's only those for this kind of sync, where one is named.
 */
export function hookTypesOf(object: KubeObject, kind?: SyncKind): HookType[] {
  const stated = known(hookTypes, hookWords(object));
  if (stated.length > 0) return stated;
  const words = annotationWords(object, 'helm.sh/hook');
  return translated(
    helmTypes,
    words.filter((word) => kind === undefined || !word.endsWith(kind === 'install' ? '-upgrade' : '-install')),
  );
}

/** How long a hook may take, as it says itself. */
export function hookDeadlineOf(object: KubeObject): string | undefined {
  return annotation(object, 'flotilla.dev/hook-deadline');
}

/** Whether this object is run at its time and not kept like others. A hook that nobody knows a time for is one as well. */
export function isHook(object: KubeObject): boolean {
  if (hookWords(object).length > 0) return !isSkipped(object);
  const helm = annotation(object, 'helm.sh/hook');
  return helm !== undefined && helm !== 'crd-install';
}

/** Whether it says of itself that it is not applied. Beside other words `Skip` means nothing. */
export function isSkipped(object: KubeObject): boolean {
  const types = hookTypesOf(object);
  return types.length === 1 && types[0] === 'Skip';
}

/** When the object of a hook is deleted; before it is made again where nothing is said, so that it runs each time. */
export function hookDeletePoliciesOf(object: KubeObject): HookDeletePolicy[] {
  const ours = ['flotilla.dev/hook-delete-policy', 'argocd.argoproj.io/hook-delete-policy'];
  const policies = new Set([
    ...ours.flatMap((name) => known(hookDeletePolicies, annotationWords(object, name))),
    ...translated(helmDeletePolicies, annotationWords(object, 'helm.sh/hook-delete-policy')),
  ]);
  return policies.size > 0 ? [...policies] : ['BeforeHookCreation'];
}

/** How the run of a hook stands: about to start, or ended in one way or the other. */
export type HookMoment = 'starting' | 'succeeded' | 'failed';

const policyAt: Readonly<Record<HookMoment, HookDeletePolicy>> = {
  starting: 'BeforeHookCreation',
  succeeded: 'HookSucceeded',
  failed: 'HookFailed',
};

/** Whether the object of a hook is to be deleted at this moment. */
export function isHookDeletedAt(object: KubeObject, moment: HookMoment): boolean {
  return hookDeletePoliciesOf(object).includes(policyAt[moment]);
}

function hookWords(object: KubeObject): string[] {
  const ours = annotationWords(object, 'flotilla.dev/hook');
  return ours.length > 0 ? ours : annotationWords(object, 'argocd.argoproj.io/hook');
}

function known<Word extends string>(words: readonly Word[], stated: readonly string[]): Word[] {
  return stated.flatMap((word) => words.find((one) => one === word) ?? []);
}

function translated<Word extends string>(words: ReadonlyMap<string, Word>, stated: readonly string[]): Word[] {
  return [...new Set(stated.flatMap((word) => words.get(word) ?? []))];
}
