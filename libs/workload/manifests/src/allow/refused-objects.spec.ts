import { expect, it } from 'vitest';
import type { AllowList } from '@flotilla/model';
import { placeManifests } from '../manifests/place-manifests.ts';
import { readManifests } from '../manifests/read-manifests.ts';
import { refusedObjects } from './refused-objects.ts';

const text = `
{apiVersion: v1, kind: ConfigMap, metadata: {name: own}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: far, namespace: f}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: sa-e}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: e, labels: {pod-security.kubernetes.io/enforce: privileged}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: plain}}
`;
const scopes: Readonly<Record<string, 'cluster'>> = { ClusterRoleBinding: 'cluster', Namespace: 'cluster' };
const { manifests } = placeManifests(readManifests([{ path: 'all.yaml', text }]).manifests, {
  namespace: 'e',
  kinds: ({ kind }) => scopes[kind] ?? 'namespaced',
});
const everyKind = [{ group: '*', kind: '*' }];

it.each<[string, AllowList, string[]]>([
  [
    'nothing said: every kind of the own namespace, nothing of the cluster',
    {},
    ['ConfigMap f/far', 'ClusterRoleBinding sa-e', 'Namespace e', 'Namespace plain'],
  ],
  ['namespaces by globs', { namespaces: ['e', 'f*'] }, ['ClusterRoleBinding sa-e', 'Namespace e', 'Namespace plain']],
  [
    'a list of namespaces that leaves out the own one',
    { namespaces: ['f'], clusterKinds: everyKind, podSecurity: true },
    ['ConfigMap e/own', 'Deployment e/web'],
  ],
  [
    'kinds by group and name',
    { namespaces: ['*'], kinds: [{ group: '', kind: 'Config*' }], clusterKinds: everyKind },
    ['Deployment e/web', 'Namespace e'],
  ],
  [
    'a group that is not the one that is meant',
    { namespaces: ['*'], kinds: [{ group: '', kind: '*' }], clusterKinds: everyKind, podSecurity: true },
    ['Deployment e/web'],
  ],
  [
    'an empty list of kinds',
    { namespaces: ['*'], kinds: [], clusterKinds: everyKind, podSecurity: true },
    ['ConfigMap e/own', 'ConfigMap f/far', 'Deployment e/web'],
  ],
  [
    'one kind of the cluster, by the names of its objects',
    { namespaces: ['*'], clusterKinds: [{ group: '', kind: 'Namespace', name: 'p*' }] },
    ['ClusterRoleBinding sa-e', 'Namespace e'],
  ],
  ['everything', { namespaces: ['*'], clusterKinds: everyKind, podSecurity: true }, []],
])('%s', (_what, allow, expected) => {
  const refused = refusedObjects(manifests, { allow, namespace: 'e' });
  expect(refused.map((line) => line.replace(/ \(.*/, ''))).toEqual(expected);
});

it('names for each refused object the field of `allow` that it is not in', () => {
  expect(refusedObjects(manifests, { allow: { kinds: [] }, namespace: 'e' })).toEqual([
    'ConfigMap e/own (not in allow.kinds)',
    'ConfigMap f/far (its namespace is not in allow.namespaces)',
    'Deployment e/web (not in allow.kinds)',
    'ClusterRoleBinding sa-e (not in allow.clusterKinds)',
    'Namespace e (pod-security labels, without allow.podSecurity)',
    'Namespace plain (not in allow.clusterKinds)',
  ]);
});
