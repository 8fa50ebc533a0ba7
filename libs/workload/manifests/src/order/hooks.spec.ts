import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { annotationOption, annotationWords } from './annotations.ts';
import { hookDeletePoliciesOf, hookTypesOf, isHook, isHookDeletedAt, isSkipped, type HookMoment } from './hooks.ts';
import { isNeverDeleted } from './never-deleted.ts';
import { phasesOf } from './phase-and-wave.ts';

function object(annotations: Record<string, string>): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', annotations } };
}

const argo = (hook: string) => ({ 'argocd.argoproj.io/hook': hook });
const helm = (hook: string) => ({ 'helm.sh/hook': hook });

describe('what a hook says of itself', () => {
  const rows: readonly (readonly [annotations: Record<string, string>, told: object])[] = [
    [{}, { types: [], hook: false, skipped: false, phases: ['Sync'] }],
    [
      argo('PostSync, PreSync'),
      { types: ['PostSync', 'PreSync'], hook: true, skipped: false, phases: ['PreSync', 'PostSync'] },
    ],
    [argo('Skip'), { types: ['Skip'], hook: false, skipped: true, phases: [] }],
    [argo('Skip,PreSync'), { types: ['Skip', 'PreSync'], hook: true, skipped: false, phases: ['PreSync'] }],
    [argo('PreDelete'), { types: ['PreDelete'], hook: true, skipped: false, phases: [] }],
    [
      { ...argo('Sync'), ...helm('pre-install') },
      { types: ['Sync'], hook: true, skipped: false, phases: ['Sync'] },
    ],
    [
      { 'flotilla.dev/hook': 'PostSync', ...argo('PreSync') },
      { types: ['PostSync'], hook: true, skipped: false, phases: ['PostSync'] },
    ],
    [helm('pre-install,pre-upgrade'), { types: ['PreSync'], hook: true, skipped: false, phases: ['PreSync'] }],
    [helm('pre-rollback'), { types: [], hook: true, skipped: false, phases: [] }],
    [helm('crd-install'), { types: [], hook: false, skipped: false, phases: ['Sync'] }],
  ];
  it.each(rows)('%j', (annotations, told) => {
    const job = object(annotations);
    expect({ types: hookTypesOf(job), hook: isHook(job), skipped: isSkipped(job), phases: phasesOf(job) }).toEqual(
      told,
    );
  });
});

describe('the hooks of a first sync and of a later one', () => {
  const rows: readonly (readonly [annotations: Record<string, string>, install: string, upgrade: string])[] = [
    [helm('pre-install'), 'PreSync', ''],
    [helm('post-upgrade'), '', 'PostSync'],
    [helm('pre-install,post-upgrade'), 'PreSync', 'PostSync'],
    [helm('pre-install,pre-upgrade'), 'PreSync', 'PreSync'],
    [{ ...argo('PreSync'), ...helm('pre-install') }, 'PreSync', 'PreSync'],
    [{}, 'Sync', 'Sync'],
  ];
  it.each(rows)('%j: %s, %s', (annotations, install, upgrade) => {
    const job = object(annotations);
    expect([phasesOf(job, 'install').join(), phasesOf(job, 'upgrade').join()]).toEqual([install, upgrade]);
  });
});

describe('when the object of a hook is deleted', () => {
  const rows: readonly (readonly [annotations: Record<string, string>, at: readonly HookMoment[]])[] = [
    [{}, ['starting']],
    [{ 'argocd.argoproj.io/hook-delete-policy': 'nonsense' }, ['starting']],
    [{ 'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded' }, ['succeeded']],
    [{ 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-failed' }, ['starting', 'failed']],
    [
      { 'flotilla.dev/hook-delete-policy': 'HookFailed', 'helm.sh/hook-delete-policy': 'hook-succeeded' },
      ['succeeded', 'failed'],
    ],
  ];
  it.each(rows)('%j', (annotations, at) => {
    const moments = ['starting', 'succeeded', 'failed'] as const;
    expect(moments.filter((moment) => isHookDeletedAt(object(annotations), moment))).toEqual(at);
  });

  it('names each policy once', () => {
    const twice = {
      'argocd.argoproj.io/hook-delete-policy': 'HookFailed',
      'helm.sh/hook-delete-policy': 'hook-failed',
    };
    expect(hookDeletePoliciesOf(object(twice))).toEqual(['HookFailed']);
  });
});

describe('an annotation that lists words', () => {
  it('holds each once, without the blanks around it', () => {
    expect(annotationWords(object({ foo: 'bar , baz,,bar' }), 'foo')).toEqual(['bar', 'baz']);
  });

  it('says the first value of an option', () => {
    const options = object({ foo: 'barn=1, bar=2, bar=3' });
    expect([annotationOption(options, 'foo', 'bar'), annotationOption(options, 'foo', 'b')]).toEqual(['2', undefined]);
  });
});

describe('an object that is never deleted says so', () => {
  const rows: readonly (readonly [annotations: Record<string, string>, kept: boolean])[] = [
    [{}, false],
    [{ 'flotilla.dev/prune': 'false' }, true],
    [{ 'flotilla.dev/prune': 'true' }, false],
    [{ 'helm.sh/resource-policy': 'keep' }, true],
    [{ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }, true],
    [{ 'cli-utils.sigs.k8s.io/on-remove': 'keep' }, true],
    [{ 'client.lifecycle.config.k8s.io/deletion': 'detach' }, true],
    [{ 'argocd.argoproj.io/sync-options': 'Validate=false,Prune=false' }, true],
    [{ 'argocd.argoproj.io/sync-options': 'Validate=false' }, false],
  ];
  it.each(rows)('%j: %s', (annotations, kept) => expect(isNeverDeleted(object(annotations))).toBe(kept));
});
