import { expect, it } from 'vitest';
import type { FieldsV1, KubeObject, ManagedFields } from '@flotilla/model';
import { changedFields } from './changed-fields.ts';

const applied: FieldsV1 = {
  'f:metadata': { 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:args': {},
    'f:limits': { 'f:cpu': {} },
    'f:hooks': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:bundle': {} } },
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:target': {} } },
  },
};

const wanted = {
  replicas: 3,
  args: ['-a'],
  limits: { cpu: '1000m' },
  hooks: [{ name: 'a', bundle: 'x' }],
  ports: [{ port: 80, target: 'http' }],
};
const desired = thing(wanted);
/** As the server keeps it. */
const stored = { ...wanted, limits: { cpu: '1' }, ports: [{ port: 80, protocol: 'TCP', target: 'http' }] };

function thing(
  spec: object,
  managedFields: readonly ManagedFields[] = [],
  labels: object = { app: 'web' },
): KubeObject {
  const metadata = { name: 'web', labels, managedFields } as unknown as KubeObject['metadata'];
  return { apiVersion: 'example.org/v1', kind: 'Thing', metadata, spec };
}

function entry(manager: string, fieldsV1: FieldsV1, more: Partial<ManagedFields> = {}): ManagedFields {
  const operation = manager === 'flotilla' ? 'Apply' : 'Update';
  return {
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
    time: '2026-01-01T00:00:00Z',
    ...more,
  };
}

/** What is ours still, without a part of the spec. */
function without(...names: readonly string[]): FieldsV1 {
  const spec = Object.entries(applied['f:spec']!).filter(([key]) => !names.includes(key.slice(2)));
  return { ...applied, 'f:spec': Object.fromEntries(spec) };
}

const later = { time: '2026-02-02T00:00:00Z' };

const rows: readonly { readonly what: string; readonly live: KubeObject; readonly changed: readonly string[] }[] = [
  {
    what: 'a value that an update changed',
    live: thing({ ...stored, replicas: 9 }, [
      entry('flotilla', without('replicas')),
      entry('kubectl-scale', { 'f:spec': { 'f:replicas': {} } }, { ...later, subresource: 'scale' }),
    ]),
    changed: ['.spec.replicas kubectl-scale Update 2026-02-02T00:00:00Z'],
  },
  {
    what: 'one that was applied by force, and what stands beside it unchanged though it is lost as well',
    live: thing({ ...stored, args: ['-b'] }, [
      entry('flotilla', without('args', 'limits')),
      entry('argocd', { 'f:spec': { 'f:args': {}, 'f:limits': { 'f:cpu': {} } } }, { operation: 'Apply' }),
    ]),
    changed: ['.spec.args argocd Apply 2026-01-01T00:00:00Z'],
  },
  {
    what: 'nothing, where a value went and came back',
    live: thing(stored, [entry('flotilla', without('replicas')), entry('kubectl', { 'f:spec': { 'f:replicas': {} } })]),
    changed: [],
  },
  {
    what: 'a field that is gone, whose author nobody knows, by whoever wrote last',
    live: thing({ ...stored, replicas: undefined }, [
      entry('flotilla', without('replicas')),
      entry('kubectl-edit', { 'f:spec': { 'f:other': {} } }, later),
      entry('controller', { 'f:status': {} }, { time: '2026-03-03T00:00:00Z', subresource: 'status' }),
    ]),
    changed: ['.spec.replicas kubectl-edit Update 2026-02-02T00:00:00Z removed'],
  },
  {
    what: 'an item that is gone, once and not by each of its fields',
    live: thing({ ...stored, hooks: [] }, [entry('flotilla', without('hooks')), entry('kubectl-edit', {}, later)]),
    changed: ['.spec.hooks[name="a"] kubectl-edit Update 2026-02-02T00:00:00Z removed'],
  },
  {
    what: 'a field inside an item, found by a key of which Git left out a part',
    live: thing({ ...stored, ports: [{ port: 80, protocol: 'TCP', target: 'other' }] }, [
      entry('flotilla', without('ports')),
      entry('kubectl', { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:target': {} } } } }),
    ]),
    changed: ['.spec.ports[port=80,protocol="TCP"].target kubectl Update 2026-01-01T00:00:00Z'],
  },
  {
    what: 'what was written under our own name, by its value',
    live: thing({ ...stored, replicas: 9 }, [entry('flotilla', applied, later)]),
    changed: ['.spec.replicas flotilla Apply 2026-02-02T00:00:00Z'],
  },
  {
    what: 'nothing, where what a webhook had made of it is as Git says by now',
    live: thing(stored, [entry('flotilla', applied)]),
    changed: [],
  },
  {
    what: 'what differs, where somebody took all the records of owners off',
    live: thing({ ...stored, replicas: 9 }),
    changed: ['.spec.replicas unknown'],
  },
];

it.each(rows)('names $what', ({ live, changed }) => {
  const told = changedFields({ applied, desired, live, manager: 'flotilla' });
  expect(
    told.map(({ field, manager, operation, at, removed }) =>
      [field, manager, operation, at, ...(removed ? ['removed'] : [])].filter(Boolean).join(' '),
    ),
  ).toEqual(changed);
});
