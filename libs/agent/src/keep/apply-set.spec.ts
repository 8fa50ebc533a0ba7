import { expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { items } from '../testing/factories.ts';
import { applySetAnnotations, applySetId, checkParent } from './apply-set.ts';

it('the id is the one that kubectl computes for the parent', () => {
  // printf 'flotilla-target-t1.flotilla-system.Secret.' | openssl dgst -sha256 -binary | base64 | tr '/+' '_-' | tr -d '='
  expect(applySetId('flotilla-target-t1', 'flotilla-system')).toBe(
    'applyset-PCVywTGXAgS4Lw0UafotkxKWSahwmwnOXvK1IG4Xvq0-v1',
  );
});

it('kinds and namespaces are named once, in order, the own namespace left out', () => {
  const inventory = [
    ...items('Secret/b', 'ConfigMap/a', 'ConfigMap/b'),
    { key: { group: 'apps', kind: 'Deployment', namespace: 'flotilla-system', name: 'x' }, apiVersion: 'apps/v1' },
  ];
  expect(applySetAnnotations(inventory, 'flotilla-system')).toEqual({
    'applyset.kubernetes.io/tooling': 'flotilla/v1.0.0',
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps,Secret',
    'applyset.kubernetes.io/additional-namespaces': 'apps',
  });
});

it.each([
  ['ours', 'flotilla/v1.0.0', 'ConfigMap,Deployment.apps', 'taken'],
  ['ours, of an older version', 'flotilla/v1', '', 'taken'],
  ['of another tool', 'helm/v3', 'ConfigMap', 'is kept by "helm" and not by "flotilla"'],
  ['of a tool with slashes in its name', 'example.org/a/b/v1', '', 'is kept by "example.org/a/b"'],
  ['of nobody', undefined, '', 'is kept by nobody'],
  ['that does not say what it holds', 'flotilla/v1', undefined, 'contains-group-kinds" what it holds'],
  ['that holds no kind', 'flotilla/v1', 'ConfigMap,does-not-exist', '"does-not-exist", which is no kind'],
])('a parent %s', (_, tooling, kinds, refusal) => {
  const annotations = {
    'applyset.kubernetes.io/tooling': tooling,
    'applyset.kubernetes.io/contains-group-kinds': kinds,
  };
  const metadata = { name: 'a', namespace: 'b', annotations } as KubeObject['metadata'];
  expect(refusalOf({ apiVersion: 'v1', kind: 'Secret', metadata })).toContain(refusal);
});

function refusalOf(parent: KubeObject): string {
  try {
    checkParent(parent);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}
