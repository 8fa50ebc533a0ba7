import { describe, expect, it } from 'vitest';
import { problemLine } from '@flotilla/workload-manifests';
import { renderFiles } from '../testing/render-files.ts';
import { checkKustomization } from './check-kustomization.ts';

const base = {
  'base/kustomization.yaml': 'resources: [a.yaml]',
  'base/a.yaml': 'kind: A',
  'other/secret.txt': 'x',
  'app/patch.yaml': 'kind: A',
  'app/values.env': 'a=1',
};

/** What is wrong with a kustomization in `app`, beside a base and some files. */
function problemsOf(kustomization: string, files: Readonly<Record<string, string>> = {}): string[] {
  const all = renderFiles({ ...base, 'app/kustomization.yaml': kustomization, ...files });
  return checkKustomization(all, 'app').map(problemLine);
}

const remote = 'is fetched from elsewhere, and a render has no network; commit it, and name it by its path';
const program = 'would run a program or a container of its own; only what is part of kustomize (`builtin`) may run';

describe('AT-13: what a kustomization names', () => {
  it.each([
    ['resources: [../base]\npatches: [{path: patch.yaml}]'],
    ['resources: [../base/]\ncomponents: []\nbases:'],
    ['configMapGenerator: [{name: a, files: [patch.yaml, key=patch.yaml], envs: [values.env]}]'],
    ['patches: [{patch: "- op: remove\\n  path: /a"}]\npatchesStrategicMerge: ["kind: A\\nmetadata: {}"]'],
    ['transformers: ["apiVersion: builtin\\nkind: PrefixTransformer\\nmetadata: {name: a}"]'],
  ])('is taken when it is there: %j', (kustomization) => expect(problemsOf(kustomization)).toEqual([]));

  it.each([
    'https://git.example.org/shop//base?ref=v1',
    'http://127.0.0.1:8080/a.yaml',
    'git::https://git.example.org/shop.git',
    'ssh://git@git.example.org/shop.git',
    'git@git.example.org:shop/base.git',
    'git.example.org:shop/base',
    'github.com/example/shop/base',
    'file:///etc',
    'base?ref=main',
  ])('is refused as a resource from elsewhere: %s', (resource) => {
    expect(problemsOf(`resources:\n  - ../base\n  - ${resource}\n`)).toEqual([
      `app/kustomization.yaml:3:5: resources[1]: ${JSON.stringify(resource)} ${remote}`,
    ]);
  });

  it.each([
    [
      'resources: [/etc/passwd]',
      'resources[0]: "/etc/passwd" is a path of the machine; name it from the folder of this file',
    ],
    [
      'resources: [../../etc]',
      'resources[0]: "../../etc" leaves the repository; commit what it needs, and name it by its path',
    ],
    [
      'components: [../gone]',
      'components[0]: "../gone" is not to be had: gone does not exist at this commit, or is not among the inputs of the application (source.also)',
    ],
    ['bases: ["https://x.example.org/a"]', `bases[0]: "https://x.example.org/a" ${remote}`],
    ['crds: ["https://x.example.org/a"]', `crds[0]: "https://x.example.org/a" ${remote}`],
    ['configurations: [/a]', 'configurations[0]: "/a" is a path of the machine; name it from the folder of this file'],
    ['openapi: {path: "https://x.example.org/a"}', `openapi.path: "https://x.example.org/a" ${remote}`],
    ['patches: [{path: "https://x.example.org/a"}]', `patches[0].path: "https://x.example.org/a" ${remote}`],
    [
      'patchesJson6902: [{path: "https://x.example.org/a"}]',
      `patchesJson6902[0].path: "https://x.example.org/a" ${remote}`,
    ],
    [
      'patchesStrategicMerge: ["https://x.example.org/a"]',
      `patchesStrategicMerge[0]: "https://x.example.org/a" ${remote}`,
    ],
    [
      'replacements: [{path: /a}]',
      'replacements[0].path: "/a" is a path of the machine; name it from the folder of this file',
    ],
    [
      'configMapGenerator: [{files: [a=../../passwd]}]',
      'configMapGenerator[0].files[0]: "../../passwd" leaves the repository; commit what it needs, and name it by its path',
    ],
    [
      'secretGenerator: [{envs: ["https://x.example.org/a"]}]',
      `secretGenerator[0].envs[0]: "https://x.example.org/a" ${remote}`,
    ],
    [
      'secretGenerator: [{env: /a}]',
      'secretGenerator[0].env: "/a" is a path of the machine; name it from the folder of this file',
    ],
    [
      'helmCharts: [{name: a, repo: "oci://x.example.org"}]',
      'helmCharts: would run helm inside of kustomize, and fetch a chart; let an application of its own point to the chart, or commit what it makes',
    ],
    ['Resources: [/a]', 'Resources[0]: "/a" is a path of the machine; name it from the folder of this file'],
    [
      'resources: []\nresources: [/a]',
      'resources[0]: "/a" is a path of the machine; name it from the folder of this file',
    ],
  ])('is refused with its place: %s', (kustomization, told) => {
    const [first = 'nothing'] = problemsOf(kustomization);
    expect(first.replace(/^app\/kustomization\.yaml:\d+:\d+: /, '')).toBe(told);
  });

  it.each([
    [
      'a plugin',
      'apiVersion: example.org/v1\nkind: Maker\nmetadata: {name: a}\n',
      `app/gen.yaml:1:1: apiVersion: ${program}`,
    ],
    [
      'a program',
      'apiVersion: builtin\nkind: A\nmetadata:\n  annotations:\n    config.kubernetes.io/function: "exec: {path: ./run.sh}"\n',
      `app/gen.yaml:4:3: metadata.annotations: ${program}`,
    ],
    [
      'a container',
      'apiVersion: builtin\nkind: A\nmetadata:\n  annotations:\n    config.k8s.io/function: "container: {image: a}"\n',
      `app/gen.yaml:4:3: metadata.annotations: ${program}`,
    ],
    [
      'helm',
      'apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: a}\n',
      'app/gen.yaml:2:1: kind: would run helm inside of kustomize, and fetch a chart; let an application of its own point to the chart, or commit what it makes',
    ],
    [
      'a file from elsewhere',
      'apiVersion: builtin\nkind: PatchTransformer\npath: /etc/passwd\n',
      'app/gen.yaml:3:1: path: "/etc/passwd" is a path of the machine; name it from the folder of this file',
    ],
  ])(
    'is refused as a generator, transformer or validator that needs %s, in the folder it comes from as well',
    (_, text, told) => {
      const inFolder = { 'gen/kustomization.yaml': 'resources: [gen.yaml]', 'gen/gen.yaml': text };
      expect([
        ...['generators', 'transformers', 'validators'].flatMap((field) =>
          problemsOf(`${field}: [gen.yaml]`, { 'app/gen.yaml': text }),
        ),
        ...problemsOf('transformers: [../gen]', inFolder).map((line) => line.replace('gen/', 'app/')),
      ]).toEqual([told, told, told, told]);
    },
  );

  it('is looked at in everything it stands on, once, also in a circle', () => {
    const files = { 'base/kustomization.yaml': 'resources: [../app, "https://x.example.org/a"]' };
    expect(problemsOf('resources: [../base, ../base]', files)).toEqual([
      `base/kustomization.yaml:1:21: resources[1]: "https://x.example.org/a" ${remote}`,
    ]);
  });

  it('is for kustomize to judge when it is no YAML', () => expect(problemsOf('resources: [not, closed')).toEqual([]));

  it('may have a name that reads like an address, when it is a file that is there', () => {
    expect(problemsOf('resources: ["a:b.yaml"]', { 'app/a:b.yaml': 'kind: A' })).toEqual([]);
  });
});
