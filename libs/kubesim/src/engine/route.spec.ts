import { describe, expect, it } from 'vitest';
import { readRoute } from './route.ts';

const resource = (route: object) => ({
  kind: 'resource',
  resource: { group: '', version: 'v1', namespace: '', name: '', subresource: '', isWatch: false, ...route },
});

describe('a path', () => {
  it.each([
    ['/version', { kind: 'discovery', path: '/version' }],
    ['/apis/apps', { kind: 'discovery', path: '/apis/apps' }],
    ['/apis/apps/v1', { kind: 'discovery', path: '/apis/apps/v1' }],
    ['/api/v1/', { kind: 'discovery', path: '/api/v1' }],
    ['/api/v1/pods', resource({ plural: 'pods' })],
    ['/api/v1/namespaces', resource({ plural: 'namespaces' })],
    ['/api/v1/namespaces/a', resource({ plural: 'namespaces', name: 'a' })],
    ['/api/v1/namespaces/a/status', resource({ plural: 'namespaces', name: 'a', subresource: 'status' })],
    ['/api/v1/namespaces/a/pods', resource({ plural: 'pods', namespace: 'a' })],
    [
      '/api/v1/namespaces/a/pods/p/status',
      resource({ plural: 'pods', namespace: 'a', name: 'p', subresource: 'status' }),
    ],
    [
      '/apis/x.org/v2/namespaces/a/things/t',
      resource({ group: 'x.org', version: 'v2', plural: 'things', namespace: 'a', name: 't' }),
    ],
    ['/api/v1/watch/namespaces/a/pods', resource({ plural: 'pods', namespace: 'a', isWatch: true })],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab',
      resource({ group: 'rbac.authorization.k8s.io', plural: 'clusterroles', name: 'a:b' }),
    ],
    ['/nothing/here', { kind: 'unknown' }],
  ])('%s', (path, expected) => {
    expect(readRoute(path)).toEqual(expected);
  });
});
