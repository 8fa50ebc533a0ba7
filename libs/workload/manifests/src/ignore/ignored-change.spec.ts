import { expect, it } from 'vitest';
import type { FieldsV1, IgnoreRule, KubeObject } from '@flotilla/model';
import { fieldPathText, type FieldPath } from '../fields/field-path.ts';
import { isAbout } from './ignored-change.ts';

const desired = thing([{ name: 'a' }, { name: 'b', bundle: 'ours' }], ['-a', '-b']);
const live = thing([{ name: 'b', bundle: 'theirs' }], ['-a', '-c'], {
  'f:spec': { 'f:hooks': { 'k:{"name":"b"}': { 'f:bundle': {} } } },
});

function thing(hooks: readonly object[], args: readonly string[], fieldsV1: FieldsV1 = {}): KubeObject {
  const by = { manager: 'injector', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 } as const;
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'web', managedFields: [by] }, spec: { hooks, args } };
}

const bundle: FieldPath = ['f:spec', 'f:hooks', 'k:{"name":"b"}', 'f:bundle'];
const args: FieldPath = ['f:spec', 'f:args'];

const rows: readonly (readonly [about: boolean, path: FieldPath, rule: IgnoreRule])[] = [
  [true, args, { jsonPointers: ['/spec/args'] }],
  [true, args, { jsonPointers: ['/spec'] }],
  [false, args, { jsonPointers: ['/spec/arg'] }],
  [true, args, { jsonPointers: ['/spec/args/1'] }],
  [false, args, { jsonPointers: ['/spec/args/0'] }],
  [true, bundle, { jsonPointers: ['/spec/hooks/1/bundle'] }],
  [true, bundle, { jsonPointers: ['/spec/hooks/0/bundle'] }],
  [false, bundle, { jsonPointers: ['/spec/hooks/2/bundle'] }],
  [true, bundle, { managers: ['injector'] }],
  [false, args, { managers: ['injector'] }],
  [false, bundle, { managers: ['injector'], name: 'other' }],
  [true, bundle, { managers: ['injector'], name: 'w*', kind: 'Th?ng' }],
  [false, ['f:metadata', 'f:name'], { jsonPointers: ['/metadata'] }],
];

it.each(rows.map(([about, path, rule]) => ({ about, path, rule, field: fieldPathText(path) })))(
  '$rule and $field: $about',
  ({ about, path, rule, field }) => {
    expect(isAbout(rule, { change: { path, field, manager: 'kubectl-edit' }, desired, live })).toBe(about);
  },
);
