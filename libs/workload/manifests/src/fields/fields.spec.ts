import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FieldsV1, KubeObject, ManagedFields } from '@flotilla/model';
import { fieldPathText } from './field-path.ts';
import { containsField, findField, locateField } from './find-field.ts';
import { ownedValues } from './owned-values.ts';
import { ownedFields, whoOwns } from './owners.ts';
import { removeFields, withoutField } from './remove-fields.ts';

const leaf: FieldsV1 = {};

/** Fields as a tree of plain names, for tests to be read. */
const deploymentFields: FieldsV1 = {
  'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/name': leaf } },
  'f:spec': {
    'f:replicas': leaf,
    'f:selector': leaf,
    'f:template': {
      'f:spec': {
        'f:containers': {
          'k:{"name":"app"}': {
            '.': leaf,
            'f:image': leaf,
            'f:name': leaf,
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': leaf, 'f:containerPort': leaf } },
          },
        },
        'f:volumes': { 'k:{"name":"tmp"}': { '.': leaf, 'f:emptyDir': leaf, 'f:name': leaf } },
      },
    },
  },
};

function managed(manager: string, fieldsV1: FieldsV1, more: Partial<ManagedFields> = {}): ManagedFields {
  return { manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1, ...more };
}

function deployment(changes: { image?: string; replicas?: number; sidecar?: boolean; tmp?: object } = {}): KubeObject {
  const { image = 'shop:1', replicas = 3, sidecar = false, tmp = {} } = changes;
  const app = { name: 'app', image, ports: [{ containerPort: 80, protocol: 'TCP' }], imagePullPolicy: 'Always' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'checkout',
      labels: { 'app.kubernetes.io/name': 'checkout', other: 'x' },
      managedFields: [managed('flotilla', deploymentFields)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'checkout' } },
      template: {
        spec: {
          containers: [...(sidecar ? [{ name: 'proxy', image: 'proxy:1' }] : []), app],
          volumes: [{ name: 'tmp', emptyDir: tmp }],
        },
      },
    },
  };
}

describe('paths as the API server names them', () => {
  interface Row {
    readonly steps: readonly string[];
    readonly text: string;
  }
  const url = new URL('./server-paths.golden.json', import.meta.url);
  const recorded = JSON.parse(readFileSync(url, 'utf8')) as Row[];

  it.each(recorded.map((row) => [row.text, row] as const))('prints and finds %s', (_, { steps, text }) => {
    let fields = leaf;
    for (const step of steps.toReversed()) fields = { 'f:decoy': { 'f:x': leaf }, [step]: fields };
    expect(fieldPathText(steps)).toBe(text);
    expect(findField({ ...fields, 'f:zzz': leaf }, text)).toEqual(steps);
  });

  it('lets the fields decide what unescaped names mean', () => {
    const fields = { 'f:metadata': { 'f:labels': { 'f:a': { 'f:b': leaf }, 'f:a.b': leaf } } };
    expect(findField(fields, '.metadata.labels.a.b')).toEqual(['f:metadata', 'f:labels', 'f:a', 'f:b']);
    expect(findField(fields, '.metadata.labels.a.b.c')).toBeUndefined();
  });

  it('takes whole numbers in both spellings', () => {
    const fields = { 'f:ports': { 'k:{"port":1000000}': leaf } };
    expect(containsField(fields, '.ports[port=1e+06]')).toBe(true);
    expect(containsField(fields, '.ports[port=1000000]')).toBe(true);
    expect(containsField(fields, '.ports[port=100000]')).toBe(false);
  });

  it.each([
    ['.spec.replicas', true],
    ['.spec.selector', true],
    ['.spec.template.spec.containers[name="app"].image', true],
    ['.spec.template.spec.containers[name="app"]', true],
    ['.spec.template.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"].containerPort', true],
    ['.metadata.labels.app.kubernetes.io/name', true],
    ['.spec.template.spec.containers[name="proxy"].image', false],
    ['.spec.template.spec.containers[name="app"].ports', false],
    ['.spec.template', false],
    ['.spec', false],
    ['.spec.replicasX', false],
    ['.spec.template.spec.containers[0]', false],
    ['', false],
    ['.spec.template.spec.containers[name="app', false],
  ])('knows whether we own %s', (field, expected) => expect(containsField(deploymentFields, field)).toBe(expected));

  it('locates a field in an object, list items by what their key says', () => {
    const object = deployment({ sidecar: true });
    const at = (field: string) => locateField(object, field);
    expect(at('.spec.template.spec.containers[name="app"].image')).toEqual([
      'spec',
      'template',
      'spec',
      'containers',
      1,
      'image',
    ]);
    expect(at('.metadata.labels.app.kubernetes.io/name')).toEqual(['metadata', 'labels', 'app.kubernetes.io/name']);
    expect(at('.spec.template.spec.containers[name="gone"].image')).toBeUndefined();
    expect(at('.constructor')).toBeUndefined();
  });
});

const held = (object: KubeObject) => ownedValues(object, deploymentFields);

function lists(list: unknown[]): KubeObject {
  return { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' }, list, set: ['z'] };
}

describe('what we own', () => {
  it('is what we applied, not what we updated or did to a subresource', () => {
    const entries = [
      managed('flotilla', { 'f:status': leaf }, { subresource: 'status' }),
      managed('flotilla', { 'f:data': leaf }, { operation: 'Update' }),
      managed('kubectl', { 'f:other': leaf }),
      managed('flotilla', { 'f:spec': leaf }),
    ];
    const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', managedFields: entries } };
    expect(ownedFields(object, 'flotilla')).toEqual({ 'f:spec': leaf });
    expect(ownedFields(object, 'helm')).toBeUndefined();
    expect(whoOwns(object, '.other').map(({ manager }) => manager)).toEqual(['kubectl']);
    expect(whoOwns({ ...object, metadata: { name: 'a' } }, '.other')).toEqual([]);
  });

  it('is seen as a tree of values, lists by their keys', () => {
    expect(ownedValues(deployment({ sidecar: true }), deploymentFields)).toEqual({
      'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/name': 'checkout' } },
      'f:spec': {
        'f:replicas': 3,
        'f:selector': { matchLabels: { app: 'checkout' } },
        'f:template': {
          'f:spec': {
            'f:containers': {
              'k:{"name":"app"}': {
                'f:image': 'shop:1',
                'f:name': 'app',
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { 'f:containerPort': 80 } },
              },
            },
            'f:volumes': { 'k:{"name":"tmp"}': { 'f:emptyDir': {}, 'f:name': 'tmp' } },
          },
        },
      },
    });
  });

  const before = held(deployment());

  it('stays the same while others change what is theirs', () => {
    expect(held(deployment({ sidecar: true }))).toEqual(before);
    const limited = deployment({ tmp: { sizeLimit: '1Gi' } });
    const theirs = {
      'f:spec': {
        'f:template': { 'f:spec': { 'f:volumes': { 'k:{"name":"tmp"}': { 'f:emptyDir': { 'f:sizeLimit': leaf } } } } },
      },
    };
    const managedFields = [
      ...(limited.metadata.managedFields ?? []),
      managed('other', theirs, { operation: 'Update' }),
    ];
    expect(held({ ...limited, metadata: { ...limited.metadata, managedFields } })).toEqual(before);
  });

  it.each([
    ['a value', deployment({ image: 'shop:2' })],
    ['a number', deployment({ replicas: 0 })],
    ['something inside what we own as a whole', deployment({ tmp: { medium: 'Memory' } })],
    ['the loss of a field', withoutField(deployment(), '.spec.replicas')],
    ['the loss of a list item', withoutField(deployment(), '.spec.template.spec.volumes[name="tmp"]')],
  ])('shows %s that changed', (_, changed) => expect(held(changed)).not.toEqual(before));

  it('tells an empty item that we own from one that is gone', () => {
    const fields = {
      'f:list': { 'k:{"name":"a"}': { '.': leaf, 'f:x': leaf } },
      'f:set': { 'v:"y"': leaf, 'v:"z"': leaf },
    };
    expect(ownedValues(lists([{ name: 'a' }]), fields)).toEqual({
      'f:list': { 'k:{"name":"a"}': {} },
      'f:set': { 'v:"z"': 'z' },
    });
    expect(ownedValues(lists([]), fields)).toEqual({ 'f:set': { 'v:"z"': 'z' } });
  });
});

describe('taking fields out', () => {
  it('takes one field, and what is empty without it', () => {
    const object = deployment();
    const kept = withoutField(withoutField(object, '.spec.replicas'), '.metadata.labels.app.kubernetes.io/name');
    expect(kept).toMatchObject({ metadata: { labels: { other: 'x' } } });
    expect(kept['spec']).not.toHaveProperty('replicas');
    expect(withoutField({ ...object, spec: { a: { b: [{ c: 1 }] } } }, '.spec.a.b[0].c')).not.toHaveProperty('spec');
    expect(withoutField(object, '.spec.nothing')).toBe(object);
  });

  it('takes a whole set, and list items of which only the key is left', () => {
    const object = deployment({ sidecar: true });
    expect(removeFields(object, deploymentFields)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...object.metadata, labels: { other: 'x' } },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'proxy', image: 'proxy:1' },
              { name: 'app', imagePullPolicy: 'Always' },
            ],
          },
        },
      },
    });
  });

  it('keeps an item of which only the key is named', () => {
    const object = lists([{ name: 'a', x: 1 }, { name: 'b' }]);
    const fields = {
      'f:list': { 'k:{"name":"a"}': { 'f:name': leaf }, 'k:{"name":"b"}': leaf },
      'f:set': { 'v:"z"': leaf },
    };
    expect(removeFields(object, fields)).toEqual({ ...lists([{ name: 'a', x: 1 }]), set: undefined });
  });

  it('leaves keys alone that JavaScript knows', () => {
    const object = JSON.parse(
      '{"apiVersion":"v1","kind":"A","metadata":{"name":"a"},"data":{"__proto__":"x","b":"y"}}',
    ) as KubeObject;
    const kept = removeFields(object, { 'f:data': { 'f:b': leaf, 'f:constructor': leaf } });
    expect(JSON.stringify(kept['data'])).toBe('{"__proto__":"x"}');
    expect(ownedValues(object, { 'f:data': { 'f:toString': leaf } })).toEqual({});
  });
});
