import { describe, expect, it } from 'vitest';
import { groupOf, keyOfObject, objectId, objectTitle, versionOf } from './kube-object.ts';

describe('an object of a cluster', () => {
  it.each([
    ['v1', '', 'v1'],
    ['apps/v1', 'apps', 'v1'],
    ['example.org/v1alpha1', 'example.org', 'v1alpha1'],
  ])('%s has group %j and version %s', (apiVersion, group, version) =>
    expect([groupOf(apiVersion), versionOf(apiVersion)]).toEqual([group, version]),
  );

  it('is told from all others by its key, whatever its version', () => {
    expect(objectId(at('a.org/v1', 'n'))).toBe(objectId(at('a.org/v2', 'n')));
    const ids = [at('v1', 'n'), at('a.org/v1', 'n'), at('a.org/v1', 'm'), at('a.org/v1')].map(objectId);
    expect(new Set(ids).size).toBe(4);
    expect([objectTitle(at('v1', 'n')), objectTitle(at('v1'))]).toEqual(['Widget n/w', 'Widget w']);
  });
});

function at(apiVersion: string, namespace?: string) {
  return keyOfObject({ apiVersion, kind: 'Widget', metadata: { name: 'w', ...(namespace && { namespace }) } });
}
