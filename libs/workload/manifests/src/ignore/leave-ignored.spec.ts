import { expect, it } from 'vitest';
import type { FieldsV1, KubeObject } from '@flotilla/model';
import { leaveIgnored } from './leave-ignored.ts';

const desired = hooksOf('ours');

function hooksOf(bundle: string, managers: Record<string, FieldsV1> = {}): KubeObject {
  const managedFields = Object.entries(managers).map(([manager, fieldsV1]) => ({
    manager,
    operation: manager === 'flotilla' ? ('Apply' as const) : ('Update' as const),
    apiVersion: 'v1',
    fieldsType: 'FieldsV1' as const,
    fieldsV1,
  }));
  const hooks = ['a', 'b'].map((name) => ({ name, caBundle: bundle }));
  return { apiVersion: 'v1', kind: 'Hooks', metadata: { name: 'x', managedFields }, hooks };
}

const bundleOf = (name: string): FieldsV1 => ({ 'f:hooks': { [`k:{"name":"${name}"}`]: { 'f:caBundle': {} } } });
const hooks = (live: KubeObject, jsonPointers: readonly string[]) =>
  leaveIgnored(desired, { live, rules: [{ jsonPointers: [...jsonPointers] }], manager: 'flotilla' })['hooks'];

it('an item of a list is the same one by its place in the pointer and by its key in the cluster', () => {
  const live = hooksOf('theirs', { injector: bundleOf('b') });
  const places = ['/hooks/1/caBundle', '/hooks/0/caBundle'];
  expect(places.map((place) => hooks(live, [place]))).toEqual([
    [{ name: 'a', caBundle: 'ours' }, { name: 'b' }],
    [
      { name: 'a', caBundle: 'ours' },
      { name: 'b', caBundle: 'ours' },
    ],
  ]);
});

it('of a whole part only what others own goes, and nothing that we own ourselves', () => {
  const live = hooksOf('theirs', { injector: bundleOf('a'), flotilla: bundleOf('b') });
  expect(hooks(live, ['/hooks'])).toEqual([{ name: 'a' }, { name: 'b', caBundle: 'ours' }]);
});
