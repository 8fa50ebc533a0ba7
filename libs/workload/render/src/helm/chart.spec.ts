import { describe, expect, it } from 'vitest';
import { problemLine } from '@flotilla/workload-manifests';
import { renderFiles } from '../testing/render-files.ts';
import type { ChartJob } from './chart-job.ts';
import { checkChart } from './check-chart.ts';
import { helmWords } from './helm-words.ts';
import { splitOutput } from './split-output.ts';

const job = (files: Readonly<Record<string, string>>, more: Partial<ChartJob> = {}): ChartJob => ({
  files: renderFiles({ 'shop/Chart.yaml': 'name: shop\nversion: 1.0.0\n', ...files }),
  path: 'shop',
  namespace: 'store',
  releaseName: 'checkout',
  ...more,
});
const needing = 'name: shop\ndependencies:\n  - {name: common, repository: "oci://x.example.org"}\n';
const absent =
  'dependencies[0]: the chart common is not in charts/, and a render has no network; run `helm dependency build` and commit charts/';

describe('AT-13: what a chart needs', () => {
  it.each([
    ['a dependency in a folder of any name', { 'shop/charts/c/Chart.yaml': 'name: common' }, []],
    ['a dependency in an archive, which helm looks into', { 'shop/charts/common-1.0.0.tgz': '' }, []],
    ['a dependency that is not there', {}, [`shop/Chart.yaml:3:5: ${absent}`]],
    [
      'another chart in its folder',
      { 'shop/charts/common/Chart.yaml': 'name: other' },
      [`shop/Chart.yaml:3:5: ${absent}`],
    ],
    ['a chart that says a thing twice', { 'shop/charts/c/Chart.yaml': 'name: a\nname: common' }, []],
    ['a chart of that name elsewhere', { 'common/Chart.yaml': 'name: common' }, [`shop/Chart.yaml:3:5: ${absent}`]],
  ])('has to be in its charts/: %s', (_, files, told) => {
    expect(checkChart(job({ 'shop/Chart.yaml': needing, ...files })).map(problemLine)).toEqual(told);
  });

  it('has to be there for charts of the first version as well', () => {
    const problems = checkChart(job({ 'shop/requirements.yaml': needing }));
    expect(problems.map(problemLine)).toEqual([`shop/requirements.yaml:3:5: ${absent}`]);
  });

  it.each(['production.yaml', 'https://x.example.org/a', '/etc/passwd', '../values.yaml'])(
    'is among the declared files: values from %s are refused',
    (file) => {
      const settings = { valuesFiles: ['shop/values.yaml', file] };
      expect(checkChart(job({ 'shop/values.yaml': '' }, { settings })).map(problemLine)).toEqual([
        `${file}: is a values file that does not exist at this commit, or is not among the inputs of the application (source.also)`,
      ]);
    },
  );
});

describe('the words for helm', () => {
  it('name the chart and its release, and bring the custom resource definitions', () => {
    expect(helmWords(job({}))).toEqual(['template', 'checkout', '/files/shop', '--namespace=store', '--include-crds']);
  });

  it('say all that is set, values last, so that they win', () => {
    const settings = {
      releaseName: 'other',
      valuesFiles: ['values/a.yaml', 'values/b, "c".yaml'],
      values: { replicas: 2 },
      skipCrds: true,
      skipTests: true,
    };
    const capabilities = { kubeVersion: 'v1.36.0', apiVersions: ['apps/v1', 'apps/v1/Deployment'] };
    expect(helmWords(job({}, { settings, capabilities }))).toEqual([
      'template',
      'other',
      '/files/shop',
      '--namespace=store',
      '--values=/files/values/a.yaml',
      '--values="/files/values/b, ""c"".yaml"',
      '--values=/files/.git/flotilla-values.json',
      '--kube-version=v1.36.0',
      '--api-versions=apps/v1,apps/v1/Deployment',
      '--skip-tests',
    ]);
  });
});

describe('what helm prints', () => {
  it('is taken apart by template, and names files that exist', () => {
    const printed = [
      '---\n# Source: store/crds/a.yaml\nkind: A\n',
      '---\n# Source: store/templates/b.yaml\nkind: B\ntext: |\n  ---\n  # Source: no/c.yaml\n',
      '---\n# Source: store/charts/common/templates/d.tpl\nkind: D\n',
    ];
    expect(splitOutput(printed.join(''), 'shop')).toEqual([
      { path: 'shop/crds/a.yaml', text: printed[0]!.slice(3) },
      { path: 'shop/templates/b.yaml', text: printed[1]!.slice(3) },
      { path: 'shop/charts/common/templates/d.tpl', text: printed[2]!.slice(3) },
    ]);
  });

  it('may be nothing', () => expect(splitOutput('\n', 'shop')).toEqual([]));
});
