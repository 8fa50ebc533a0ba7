import { expect, it } from 'vitest';
import { items } from '../testing/factories.ts';
import { applySetAnnotations, applySetId } from './apply-set.ts';

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
    'applyset.kubernetes.io/tooling': 'flotilla/v1',
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps,Secret',
    'applyset.kubernetes.io/additional-namespaces': 'apps',
  });
});
