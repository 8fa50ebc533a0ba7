import { describe, expect, it } from 'vitest';
import { readManifests } from './read-manifests.ts';

const configMap = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
const options = { namespace: 'shop' };
const read = (text: string) => readManifests([{ path: 'a.yaml', text }], options);

const wants = (name: string, on: string) =>
  configMap(name, `  annotations: {config.kubernetes.io/depends-on: "${on}"}\n`);

function problemsOf(...texts: string[]) {
  const files = [{ path: 'a.yaml', text: texts.join('---\n') }];
  return readManifests(files, { namespace: 'shop', kinds: () => 'namespaced' }).problems;
}

describe('reading manifests', () => {
  it('takes every YAML and JSON file in one order, lists taken apart, nothing that the server sets', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${configMap('c').replaceAll('\n', '\n  ')}\n- kind: ServiceList
  apiVersion: v1
  items:
  - metadata: {name: d}
`;
    const fromCluster = `
  uid: x
  resourceVersion: "1"
  creationTimestamp: null
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", kept: "yes"}
status: {phase: x}
`;
    const { manifests, problems } = readManifests(
      [
        { path: 'z/list.yml', text: list },
        { path: 'b.json', text: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}' },
        {
          path: 'a.yaml',
          bytes: new TextEncoder().encode(`# note\n---\n\n${configMap('a').trimEnd()}${fromCluster}---\n`),
        },
        { path: 'README.md', text: '# not ours' },
        { path: '.github/workflows/ci.yaml', text: 'on: push\n' },
      ],
      options,
    );
    expect(problems).toEqual([]);
    expect(manifests.map(({ file, line, object }) => ({ file, line, object }))).toEqual([
      {
        file: 'a.yaml',
        line: 4,
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { kept: 'yes' } } },
      },
      { file: 'b.json', line: 1, object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } } },
      { file: 'z/list.yml', line: 4, object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } } },
      { file: 'z/list.yml', line: 12, object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'd' } } },
    ]);
  });

  it('puts each object where it will live, as far as its kind is known', () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.org}
spec: {group: example.org, scope: Cluster, names: {kind: Shop}}
---
apiVersion: example.org/v1
kind: Shop
metadata: {name: one, namespace: lost}
---
apiVersion: other.org/v1
kind: Thing
metadata: {name: two}
---
`;
    const { manifests } = readManifests([{ path: 'a.yaml', text: definition + configMap('three') }], {
      namespace: 'shop',
      kinds: ({ group }) => (group === '' ? 'namespaced' : undefined),
    });
    expect(manifests.map(({ key, object }) => [key, object.metadata.namespace])).toEqual([
      [{ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: 'shops.example.org' }, undefined],
      [{ group: 'example.org', kind: 'Shop', name: 'one' }, undefined],
      [{ group: 'other.org', kind: 'Thing', name: 'two' }, undefined],
      [{ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'three' }, 'shop'],
    ]);
  });

  it('names both places of an object that is written twice, also when only the namespace makes it the same', () => {
    const { problems } = readManifests(
      [
        { path: 'a.yaml', text: configMap('a') },
        { path: 'b.yaml', text: `---\n${configMap('a', '  namespace: shop\n')}` },
      ],
      { namespace: 'shop', kinds: () => 'namespaced' },
    );
    expect(problems).toEqual([
      {
        file: 'b.yaml',
        line: 2,
        message: 'is written twice; it stands in a.yaml:1 as well',
        document: 'ConfigMap shop/a',
      },
    ]);
  });

  it.each<[what: string, text: string, line: number, path: string | undefined, message: string | RegExp]>([
    ['no apiVersion', 'kind: A\nmetadata: {name: a}\n', 1, 'apiVersion', 'is missing'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 1, 'kind', 'is missing'],
    ['no metadata', 'apiVersion: v1\nkind: A\n', 1, 'metadata', 'is missing'],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n', 3, 'metadata.name', 'is missing'],
    ['an empty name', 'apiVersion: v1\nkind: A\nmetadata: {name: ""}\n', 3, 'metadata.name', 'is empty'],
    [
      'a number as a name',
      'apiVersion: v1\nkind: A\nmetadata: {name: 012}\n',
      3,
      'metadata.name',
      'must be text: without quotes it reads as 10; put quotes around it',
    ],
    [
      'a name that changes',
      'apiVersion: v1\nkind: Job\nmetadata: {generateName: a-}\n',
      3,
      'metadata.generateName',
      /^would make another object/,
    ],
    ['text', '- a\n', 1, undefined, /^is not a Kubernetes object/],
    [
      'a label that is no text',
      configMap('a', '  labels:\n    x: true\n'),
      6,
      'metadata.labels.x',
      'must be text: without quotes it reads as true; put quotes around it',
    ],
    [
      'an annotation that is no text',
      configMap('a', '  annotations: {b.c/d: 1.10}\n'),
      5,
      'metadata.annotations["b.c/d"]',
      'must be text: without quotes it reads as 1.1; put quotes around it',
    ],
    ['labels in a list', configMap('a', '  labels: [x]\n'), 5, 'metadata.labels', 'must be a mapping'],
    [
      'data that is no text',
      configMap('a', 'data: {port: 8080}\n'),
      5,
      'data.port',
      'must be text: without quotes it reads as 8080; put quotes around it',
    ],
    [
      'a secret that is no text',
      configMap('a', 'stringData: {pin: 12345678}\n').replace('ConfigMap', 'Secret'),
      5,
      'stringData.pin',
      'must be text; put quotes around it',
    ],
    [
      'a variable that is no text',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - env:\n        - {name: A, value: 1}\n',
      7,
      'spec.containers[0].env[0].value',
      'must be text; put quotes around it',
    ],
    [
      'a label in a template',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    metadata:\n      labels: {v: 1}\n',
      7,
      'spec.template.metadata.labels.v',
      'must be text: without quotes it reads as 1; put quotes around it',
    ],
  ])('refuses %s and says the line', (_, text, line, path, message) => {
    const { manifests, problems } = read(text);
    expect(manifests).toEqual([]);
    expect(problems).toContainEqual(
      expect.objectContaining({ file: 'a.yaml', line, ...(path && { path }), message: expect.stringMatching(message) }),
    );
  });

  it('finds the line of what is wrong inside a list, and names the object', () => {
    const { problems } = read(
      `apiVersion: v1\nkind: List\nitems:\n- ${configMap('a', '  labels: {x: no}\n').replaceAll('\n', '\n  ')}\n`,
    );
    expect(problems).toEqual([
      {
        file: 'a.yaml',
        line: 8,
        column: 14,
        message: 'must be text: without quotes it reads as false; put quotes around it',
        document: 'ConfigMap a',
        path: 'items[0].metadata.labels.x',
      },
    ]);
  });

  it('reports a broken file and reads the others: what is left is never the whole picture', () => {
    const { manifests, problems } = readManifests(
      [
        { path: 'a.yaml', text: configMap('a') },
        { path: 'b.yaml', text: 'a: [\n' },
        { path: 'c.yaml', bytes: new Uint8Array([0xff, 0xfe, 0x61]) },
        { path: 'd.yaml', text: `${configMap('d')}---\nx: {\n` },
      ],
      options,
    );
    expect(manifests.map(({ key }) => key.name)).toEqual(['a', 'd']);
    expect(problems.map(({ file }) => file)).toEqual(['b.yaml', 'c.yaml', 'd.yaml']);
  });

  it('says who waits for whom in vain', () => {
    const place = '/namespaces/shop/ConfigMap';
    expect(problemsOf(wants('a', `${place}/b`), configMap('b'))).toEqual([]);
    expect(problemsOf(wants('a', `${place}/c`)).map(({ message }) => message)).toEqual([
      'depends on ConfigMap shop/c, which is not among the manifests',
    ]);
    expect(problemsOf(wants('a', 'b')).map(({ message }) => message)).toEqual([
      'depends-on cannot be read: `b` must be group/kind/name or group/namespaces/namespace/kind/name',
    ]);
    expect(problemsOf(wants('a', `${place}/b`), wants('b', `${place}/a`)).map(({ message }) => message)).toEqual([
      'these depend on each other in a circle: ConfigMap shop/a -> ConfigMap shop/b -> ConfigMap shop/a',
    ]);
  });

  it('refuses more objects than one application has', () => {
    const { problems } = read(Array.from({ length: 5_001 }, (_, at) => configMap(`a${at}`)).join('---\n'));
    expect(problems).toEqual([{ file: 'a.yaml', message: 'these are more than 5000 objects; split the application' }]);
  });
});
