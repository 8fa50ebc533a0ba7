import { problemLine } from '@flotilla/workload-manifests';
import { expect, it } from 'vitest';
import { checkDocuments } from './check-documents.ts';

const head = 'apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ';
const others = [
  `${head}Repository\nmetadata: {name: code}\nspec: {url: https://git.example.org/code.git}\n`,
  `${head}Environment\nmetadata: {name: dev}\nspec: {clusters: {matchLabels: {stage: dev}}}\n`,
  `${head}Pipeline\nmetadata: {name: standard}\nspec:\n  stages:\n    - {environment: dev, track: {repository: code, branch: main}}\n`,
].join('---\n');

/** The application's own text begins on line 1 of its file. */
const problems = (spec: string) => {
  const source = 'source: {repository: code, path: chart}';
  const text = `${head}Application\nmetadata: {name: a}\nspec:\n  pipeline: standard\n  ${source}\n  namespace: a\n${spec}`;
  const files = [
    { file: 'others.yaml', text: others },
    { file: 'a.yaml', text },
  ];
  return checkDocuments(files).problems.map(problemLine);
};

it.each([
  ['nothing', '  render: {with: helm, helm: {valuesFiles: [chart/a.yaml]}, substitute: {}}\n', []],
  [
    'a slip in the name of a field',
    '  render:\n    helm:\n      valueFiles: [chart/a.yaml]\n',
    ['a.yaml:10:7: spec.render.helm.valueFiles: is not a field; did you mean `valuesFiles`?'],
  ],
  [
    'a renderer that there is none',
    '  render: {with: jsonnet}\n',
    ['a.yaml:8:12: spec.render.with: must be one of plain, kustomize, helm'],
  ],
  [
    'a value to fill in that is no text',
    '  render:\n    substitute:\n      count: 3\n',
    ['a.yaml:10:7: spec.render.substitute.count: must be text, not a number; put quotes around it'],
  ],
  [
    'names that are none',
    "  render: {substitute: {'a-b': x}, helm: {releaseName: Shop, apiVersions: ['a b']}}\n",
    [
      'a.yaml:8:43: spec.render.helm.releaseName: must be a name of at most 53 lower-case letters, digits and dashes',
      'a.yaml:8:76: spec.render.helm.apiVersions[0]: must be as in monitoring.coreos.com/v1, or with a kind',
      'a.yaml:8:25: spec.render.substitute.a-b: must be a name of letters, digits and _',
    ],
  ],
  [
    'an environment that is none of the pipeline',
    '  in:\n    prod: {render: {substitute: {}}}\n',
    ['a.yaml:9:5: spec.in.prod: is no environment of the pipeline'],
  ],
  [
    'a values file outside of what is read',
    '  in:\n    dev:\n      render:\n        helm:\n          valuesFiles:\n            - chart/a.yaml\n            - values.yaml\n',
    [
      'a.yaml:14:15: spec.in.dev.render.helm.valuesFiles[1]: values.yaml is not among the inputs in dev; name it, or its folder, in source.also',
    ],
  ],
])('an application says of its rendering %s, and is told the line', (_, spec, lines) => {
  expect(problems(spec)).toEqual(lines);
});
