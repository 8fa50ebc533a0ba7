import { beforeEach, describe, expect, it } from 'vitest';
import { problemLine } from '@flotilla/workload-manifests';
import type { BoxFailure } from './box/box-failure.ts';
import { render, type RenderJob } from './render.ts';
import { renderFiles } from './testing/render-files.ts';
import { ScriptedPrograms } from './testing/scripted-programs.ts';

let programs: ScriptedPrograms;

beforeEach(() => {
  programs = new ScriptedPrograms();
});

const configMap = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
const chart = { 'app/Chart.yaml': 'name: shop\n', 'app/templates/a.yaml': '' };
const kustomization = { 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': '' };

async function told(files: Readonly<Record<string, string>>, more: Partial<RenderJob> = {}) {
  const job = { files: renderFiles(files), path: 'app', application: 'checkout', namespace: 'store', ...more };
  const rendered = await render(job, programs);
  return rendered.ok
    ? rendered.value.manifests.map(({ key, file }) => `${key.name} of ${file}`)
    : [rendered.reason.kind, ...rendered.reason.problems.map(problemLine)];
}

describe('rendering', () => {
  it('reads plain files without any program', async () => {
    expect([await told({ 'app/a.yaml': configMap('a') }), programs.jobs]).toEqual([['a of app/a.yaml'], []]);
  });

  it('asks kustomize for the folder, with all declared files', async () => {
    programs.answer = configMap('a');
    expect([await told({ ...kustomization, 'base/b.yaml': '' }), programs.jobs]).toEqual([
      ['a of app/kustomize-output.yaml'],
      [
        {
          name: 'kustomize',
          words: ['build', '/files/app'],
          files: ['app/kustomization.yaml', 'app/a.yaml', 'base/b.yaml'],
        },
      ],
    ]);
  });

  it('asks helm for the chart, and puts values of the settings where no repository has a file', async () => {
    programs.answer = `---\n# Source: shop/templates/a.yaml\n${configMap('a')}`;
    const settings = { helm: { values: { a: 1 } } };
    expect([await told(chart, { settings }), programs.jobs[0]?.files]).toEqual([
      ['a of app/templates/a.yaml'],
      ['app/Chart.yaml', 'app/templates/a.yaml', '.git/flotilla-values.json'],
    ]);
  });

  it('fills what a program made', async () => {
    programs.answer = configMap('${team}-a');
    expect(await told(kustomization, { variables: { team: 'shop' } })).toEqual(['shop-a of app/kustomize-output.yaml']);
  });

  it('keeps hooks of a chart, and leaves out its tests', async () => {
    const hook = (name: string, words: string) => configMap(name, `  annotations: {helm.sh/hook: "${words}"}\n`);
    programs.answer = [hook('a', 'pre-install,test'), hook('b', 'test'), hook('c', 'test-success, test')].join('---\n');
    expect(await told(chart)).toEqual(['a of app/Chart.yaml']);
  });

  it('takes what a folder makes whose name begins with a dot', async () => {
    programs.answer = configMap('a');
    const files = { '.ci/app/kustomization.yaml': 'resources: []', '.ci/app/Chart.yaml': 'name: a' };
    expect([
      await told(files, { path: '.ci/app', settings: { with: 'kustomize' } }),
      await told(files, { path: '.ci/app' }),
    ]).toEqual([['a of ci/app/kustomize-output.yaml'], ['a of ci/app/Chart.yaml']]);
  });

  it('names the template of an object that cannot be taken', async () => {
    programs.answer = '---\n# Source: shop/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: a}\n';
    expect(await told(chart)).toEqual([
      'Invalid',
      'app/templates/a.yaml: apiVersion: is missing (line 3 of what it makes)',
    ]);
  });

  it('runs nothing when something is wrong before', async () => {
    const said = await told({ 'app/kustomization.yaml': 'resources: ["https://x.example.org/a"]' });
    expect([said[0], programs.jobs]).toEqual(['Invalid', []]);
  });

  it.each<[BoxFailure, string]>([
    [
      { kind: 'Failed', message: 'Error: accumulating\n  /files/app/a.yaml: no' },
      'app/kustomization: accumulating app/a.yaml: no',
    ],
    [{ kind: 'TooSlow', message: 'was not done after 9 ms' }, 'app/kustomization: kustomize was not done after 9 ms'],
    [{ kind: 'TooLarge', message: 'printed too much' }, 'app/kustomization: kustomize printed too much'],
    [{ kind: 'Unavailable', message: 'kustomize is not here' }, 'app/kustomization: kustomize is not here'],
  ])('says why a program did not: %j', async (failure, line) => {
    programs.answer = failure;
    expect(await told(kustomization)).toEqual([failure.kind, line]);
  });
});
