import { done, refused } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { problemLine } from '../yaml/source-problem.ts';
import type { FillText } from './fill-object.ts';
import { readManifests } from './read-manifests.ts';

const values = new Map([
  ['name', 'web'],
  ['count', '3'],
  ['on', 'true'],
  ['nothing', ''],
  ['sly', 'a: b\nc: [d]'],
  ['huge', '9007199254740993'],
]);

/** Puts in what is known; what is not is told with its line, as the real one does. */
const fill: FillText = (text) => {
  const missing = [...text.matchAll(/\$\{(\w+)\}/g)].find(([, name]) => !values.has(name!));
  const line = text.slice(0, missing?.index).split('\n').length;
  if (missing) return refused({ message: `variable not set: ${missing[1]}`, line });
  return done(text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name)!));
};

const read = (text: string) => readManifests([{ path: 'a.yaml', text }], { fill });
const head = 'apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\n';
const spec = (text: string) => (read(`${head}spec:\n${text}`).manifests[0]?.object as { spec?: unknown })?.spec;
const problems = (text: string) => read(text).problems.map(problemLine);

describe('texts that are filled', () => {
  it.each<[string, string, unknown]>([
    ['what is written with quotes stays text', '  a: "${count}"\n  b: \'${on}\'', { a: '3', b: 'true' }],
    [
      'without quotes it means what YAML reads',
      '  a: ${count}\n  b: ${on}\n  c: ${nothing}',
      { a: 3, b: true, c: null },
    ],
    ['a part of a text is text', '  a: v${count}', { a: 'v3' }],
    ['a value brings no fields of its own', '  a: ${sly}\n  b: x', { a: 'a: b\nc: [d]', b: 'x' }],
    ['keys and items', '  "${name}.x": 1\n  list: ["${name}"]', { 'web.x': 1, list: ['web'] }],
    ['blocks keep their lines', '  a: |\n    one ${name}\n    two\n', { a: 'one web\ntwo\n' }],
    ["comments are nobody's text", '  a: 1 # ${unknown}\n  # ${unknown}', { a: 1 }],
    ['numbers are left alone', '  a: 1\n  b: null', { a: 1, b: null }],
  ])('%s', (_, text, filled) => expect(spec(text)).toEqual(filled));

  it('a field that takes only text has text, quotes or not, as kustomize leaves them out', () => {
    const metadata = 'metadata:\n  name: ${count}\n  labels:\n    a: ${count}\n';
    const text = `apiVersion: v1\nkind: ConfigMap\n${metadata}data:\n  b: \${on}\n`;
    const { key, object } = read(text).manifests[0]!;
    expect([key.name, object.metadata.labels, object.data]).toEqual(['3', { a: '3' }, { b: 'true' }]);
  });

  it.each([
    ['label', 'labels', 'kustomize.toolkit.fluxcd.io/substitute'],
    ['annotation of Flux', 'annotations', 'kustomize.toolkit.fluxcd.io/substitute'],
    ['annotation of ours', 'annotations', 'flotilla.dev/substitute'],
  ])('an object that refuses by a %s is left as it is, and its neighbour in the same list is not', (_, field, mark) => {
    const item = (name: string, more: string) =>
      `- {apiVersion: example.org/v1, kind: Thing, metadata: {name: ${name}${more}}, spec: "\${name} \${unknown}"}\n`;
    const left = item('a', `, ${field}: {${mark}: disabled}`);
    const filled = item('b', '').replace(' ${unknown}', '');
    const { manifests } = read(`apiVersion: v1\nkind: List\nitems:\n${left}${filled}`);
    expect(manifests.map(({ object }) => object['spec'])).toEqual(['${name} ${unknown}', 'web']);
  });
});

it.each([
  ['a name that is not set', `${head}spec:\n  a: \${unknown}\n`, ['a.yaml:5:3: spec.a: variable not set: unknown']],
  [
    'a line of a block',
    `${head}spec:\n  a: |\n    one\n    two \${unknown}\n`,
    ['a.yaml:7:1: spec.a: variable not set: unknown'],
  ],
  [
    'an item of a list in a list',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: example.org/v1\n  kind: Thing\n  metadata: {name: a}\n  b: ["\${unknown}"]\n`,
    ['a.yaml:7:7: items[0].b[0]: variable not set: unknown'],
  ],
  [
    'a number that would be another one',
    `${head}spec:\n  a: \${huge}\n`,
    ['a.yaml:5:3: spec.a: is a number that cannot be kept as it is; put quotes around it'],
  ],
  [
    'two keys that become one',
    `${head}spec:\n  web: 1\n  "\${name}": 2\n`,
    ['a.yaml:6:3: spec["${name}"]: stands here twice once it is filled'],
  ],
  [
    'every name at once',
    `${head}spec: {a: "\${x}", b: "\${y}"}\n`,
    ['a.yaml:4:8: spec.a: variable not set: x', 'a.yaml:4:19: spec.b: variable not set: y'],
  ],
])('%s is told with its place', (_, text, lines) => expect(problems(text)).toEqual(lines));
