import { expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { liveObject } from '../live/live-object.ts';
import { emptyRecord, packRecord, unpackRecord } from './target-record.ts';

const fields = () => ({ 'f:data': { 'f:a': {} } });

function configMap(name: string): KubeObject {
  const managedFields = [
    {
      manager: 'flotilla',
      operation: 'Apply' as const,
      apiVersion: 'v1',
      fieldsType: 'FieldsV1' as const,
      fieldsV1: fields(),
    },
  ];
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'apps', managedFields },
    data: { a: name },
  };
}

it('objects that own the same fields hold one tree of them, also those of a record that was kept', () => {
  const key = { group: '', kind: 'ConfigMap', namespace: 'apps', name: 'one' };
  const record = { ...emptyRecord('t', 't'), inventory: [{ key, apiVersion: 'v1', fields: fields() }] };
  const [item] = unpackRecord(packRecord(record)).inventory;
  const [one, two] = [liveObject(configMap('one')), liveObject(configMap('two'))];
  expect(one.fields).toEqual(fields());
  expect([two.fields === one.fields, item!.fields === one.fields]).toEqual([true, true]);
});
