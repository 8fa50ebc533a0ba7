import { describe, expect, it } from 'vitest';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import { applyTurns, applyWaves, compareTurns, pruneOrder } from './apply-waves.ts';
import { needsOf } from './dependencies.ts';
import { dependencyLayers } from './dependency-layers.ts';
import { kindOrder, kindRank } from './kind-order.ts';
import { phasesOf, waveOf } from './phase-and-wave.ts';

/** `Kind[.group]/[namespace/]name`, with annotations. */
function item(title: string, annotations: Record<string, string> = {}) {
  const [kindAndGroup = '', ...place] = title.split('/');
  const [kind = '', ...group] = kindAndGroup.split('.');
  const [name = '', namespace] = place.toReversed();
  const object: KubeObject = {
    apiVersion: group.length > 0 ? `${group.join('.')}/v1` : 'v1',
    kind,
    metadata: { name, ...(namespace && { namespace }), annotations },
  };
  return { key: keyOfObject(object), object, title };
}

const titles = (waves: readonly (readonly { title: string }[])[]) =>
  waves.map((wave) => wave.map(({ title }) => title));
const dependsOn = (on: string) => ({ 'config.kubernetes.io/depends-on': on });
const hook = (phase: string) => ({ 'argocd.argoproj.io/hook': phase });
const wave = (number: string) => ({ 'argocd.argoproj.io/sync-wave': number });

describe('the order of applying', () => {
  it('brings first what others need, then what runs, last what may stand in the way', () => {
    const items = [
      'ValidatingWebhookConfiguration/w',
      'Ingress.networking.k8s.io/shop/i',
      'Deployment.apps/shop/b',
      'Deployment.apps/shop/a',
      'Shop.example.org/shop/s',
      'Service/shop/s',
      'ConfigMap/shop/c',
      'CustomResourceDefinition.apiextensions.k8s.io/shops.example.org',
      'Secret/shop/s',
      'Namespace/shop',
    ].map((title) => item(title));
    expect(titles(applyWaves(items))).toEqual([
      ['Namespace/shop'],
      ['Secret/shop/s', 'ConfigMap/shop/c', 'CustomResourceDefinition.apiextensions.k8s.io/shops.example.org'],
      [
        'Service/shop/s',
        'Deployment.apps/shop/a',
        'Deployment.apps/shop/b',
        'Ingress.networking.k8s.io/shop/i',
        'Shop.example.org/shop/s',
      ],
      ['ValidatingWebhookConfiguration/w'],
    ]);
  });

  it('follows waves, but for what is needed earlier', () => {
    const items = [
      item('ConfigMap/shop/late', wave('1')),
      item('Deployment.apps/shop/early', wave('-1')),
      item('Namespace/shop', wave('5')),
      item('Deployment.apps/shop/plain'),
      item('Job.batch/shop/after', { ...dependsOn('apps/namespaces/shop/Deployment/last'), ...wave('0') }),
      item('Deployment.apps/shop/last', { 'flotilla.dev/wave': '9' }),
    ];
    expect(titles(applyWaves(items))).toEqual([
      ['Namespace/shop'],
      ['Deployment.apps/shop/early'],
      ['Deployment.apps/shop/plain', 'Deployment.apps/shop/last'],
      ['Job.batch/shop/after'],
      ['ConfigMap/shop/late'],
    ]);
  });

  it('says whose turn it is: what is needed has the turn of the first that needs it', () => {
    const items = [
      item('Job.batch/a/before', { ...hook('PreSync'), ...wave('3') }),
      item('Deployment.apps/a/app', wave('-1')),
      item('ConfigMap/a/plain'),
      item('Namespace/a', wave('5')),
    ];
    const turns = applyTurns(items);
    expect(turns.map(({ turn: { phase, wave: number }, items: [first] }) => [phase, number, first!.title])).toEqual([
      ['PreSync', 3, 'Namespace/a'],
      ['PreSync', 3, 'Job.batch/a/before'],
      ['Sync', -1, 'Deployment.apps/a/app'],
      ['Sync', 0, 'ConfigMap/a/plain'],
    ]);
    const sorted = turns
      .map(({ turn }) => turn)
      .toReversed()
      .toSorted(compareTurns);
    expect(sorted.map(({ wave: number }) => number)).toEqual([3, 3, -1, 0]);
  });

  it('puts hooks into their phases', () => {
    const items = [
      item('Job.batch/a/failed', hook('SyncFail')),
      item('Job.batch/a/after', hook('PostSync')),
      item('Deployment.apps/a/app'),
      item('Job.batch/a/before', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '3' }),
      item('Namespace/a'),
    ];
    expect(titles(applyWaves(items)).flat()).toEqual([
      'Namespace/a',
      'Job.batch/a/before',
      'Deployment.apps/a/app',
      'Job.batch/a/after',
      'Job.batch/a/failed',
    ]);
  });

  it('prunes the other way round, also what is only known by its key', () => {
    const keys = ['Namespace/shop', 'ConfigMap/shop/c', 'Crontab.example.org/shop/c'].map((title) => {
      const { key } = item(title);
      return { key, title };
    });
    const definition = item('CustomResourceDefinition.apiextensions.k8s.io/crontabs.example.org');
    expect(titles(pruneOrder([...keys, definition]))).toEqual([
      ['Crontab.example.org/shop/c'],
      ['CustomResourceDefinition.apiextensions.k8s.io/crontabs.example.org', 'ConfigMap/shop/c'],
      ['Namespace/shop'],
    ]);
  });

  it('orders kinds as the list says, unknown ones last', () => {
    expect(kindOrder.map(kindRank)).toEqual(kindOrder.map((_, rank) => rank));
    expect(kindRank('Shop')).toBe(kindOrder.length);
    expect(applyWaves([])).toEqual([]);
  });
});

describe('who needs whom', () => {
  it('makes layers', () => {
    const items = [item('A/a', dependsOn('/B/b,/C/c')), item('B/b'), item('C/c', dependsOn('/B/b')), item('D/d')];
    const layers = dependencyLayers(needsOf(items));
    expect(layers.ok && titles(layers.value)).toEqual([['B/b', 'D/d'], ['C/c'], ['A/a']]);
  });

  it('finds a circle, and orders all the same', () => {
    const items = [item('A/a', dependsOn('/B/b')), item('B/b', dependsOn('/C/c')), item('C/c', dependsOn('/B/b'))];
    const layers = dependencyLayers(needsOf(items));
    expect(layers).toEqual({ ok: false, reason: [items[1], items[2]] });
    expect(titles(applyWaves(items)).flat().toSorted()).toEqual(['A/a', 'B/b', 'C/c']);
  });

  it.each([
    [{}, ['Sync']],
    [{ 'argocd.argoproj.io/hook': 'Skip' }, []],
    [{ 'argocd.argoproj.io/hook': 'Garbage' }, []],
    [{ 'argocd.argoproj.io/hook': 'PostSync, PreSync,PreSync' }, ['PreSync', 'PostSync']],
    [{ 'argocd.argoproj.io/hook': 'Sync', 'helm.sh/hook': 'pre-install' }, ['Sync']],
    [{ 'helm.sh/hook': 'post-install' }, ['PostSync']],
    [{ 'helm.sh/hook': 'crd-install' }, ['Sync']],
    [{ 'helm.sh/hook': 'test' }, []],
  ])('reads the phases of %j', (annotations, expected) => {
    expect(phasesOf(item('A/a', annotations).object)).toEqual(expected);
  });

  it.each([
    [{}, 0],
    [wave('-3'), -3],
    [wave('soon'), 0],
    [{ ...wave('1'), 'flotilla.dev/wave': '2' }, 2],
  ])('reads the wave of %j', (annotations, expected) => {
    expect(waveOf(item('A/a', annotations).object)).toBe(expected);
  });
});
