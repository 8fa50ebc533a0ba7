import { describe, expect, it } from 'vitest';
import { programPlaces } from '@flotilla/testing';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "1"}\n';

const places = programPlaces();

describe('render', () => {
  it('shows what a folder makes, and where it is written', async () => {
    await using folder = await tempFolder({ 'app/a.yaml': configMap, 'app/README.md': 'no' });
    const outcome = await new InMemoryWorld().run('render', folder.file('app/'));
    expect(outcome).toEqual({
      code: 0,
      out: `---\n# ${folder.file('app/a.yaml')}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: "1"\n`,
      err: '1 object\n',
    });
  });

  it('gives names to scripts, and takes a single file', async () => {
    await using folder = await tempFolder({ 'a.yaml': configMap });
    const { out } = await new InMemoryWorld().run('render', folder.file('a.yaml'), '-o', 'name');
    expect(out).toBe('configmap/settings\n');
  });

  it.each([
    ['a slip', { 'a.yaml': 'kind: ConfigMap\nmetadata: {name: a}\n' }, /a\.yaml:1:1: apiVersion: is missing\n/],
    [
      'the input of another renderer inside of plain files',
      { 'deep/Kustomization': '', 'a.yaml': configMap },
      /deep\/Kustomization: is for kustomize, and stands among what is read as plain YAML/,
    ],
    [
      'what takes a program that is not there',
      { 'Chart.yaml': 'name: a' },
      /Chart\.yaml: helm is not on the PATH of this machine; needed is .* HELM_BIN/,
    ],
    [
      'what a kustomization names outside of what was given',
      { 'kustomization.yaml': 'resources: [../base]' },
      /kustomization\.yaml:1:13: resources\[0\]: "\.\.\/base" leaves the repository/,
    ],
  ])('gives nothing of %s', async (_, files, message) => {
    await using folder = await tempFolder(files);
    const { code, out, err } = await new InMemoryWorld().run('render', folder.path);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it.skipIf(!places.configured.kustomize)('builds a kustomization with what it stands on', async () => {
    await using folder = await tempFolder({
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': configMap,
      'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: eu-\n',
    });
    const environment = { KUSTOMIZE_BIN: places.configured.kustomize ?? '' };
    const words = [folder.file('overlay'), '--also', folder.file('base'), '-o', 'name'];
    const { out, err } = await new InMemoryWorld({ environment }).run('render', ...words);
    expect([out, err]).toEqual(['configmap/eu-settings\n', '1 object\n']);
  });

  it.skipIf(!places.configured.helm)('renders a chart with values from beside it', async () => {
    await using folder = await tempFolder({
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/templates/a.yaml': configMap.replace(
        'settings',
        '{{ .Release.Name }}-{{ .Release.Namespace }}-{{ .Values.a }}',
      ),
      'values.yaml': 'a: b\n',
    });
    const environment = { HELM_BIN: places.configured.helm ?? '' };
    const words = ['--values', folder.file('values.yaml'), '--release', 'one', '--namespace', 'two', '-o', 'name'];
    const { out, err } = await new InMemoryWorld({ environment }).run('render', folder.file('chart'), ...words);
    expect([out, err]).toEqual(['configmap/one-two-b\n', '1 object\n']);
  });

  it('says that there is nothing', async () => {
    const { code, err } = await new InMemoryWorld().run('render', '/nonexistent');
    expect([code, err]).toEqual([2, 'error: /nonexistent: there is no such file or folder\n']);
  });
});

describe('health', () => {
  const deployment = (ready: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout, namespace: shop, generation: 1}
spec: {replicas: 1}
status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: ${ready}, availableReplicas: ${ready}}
`;

  it('judges what kubectl shows, one by one or as a list', async () => {
    const list = `apiVersion: v1\nkind: List\nitems: [${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })}]\n`;
    const stdin = `${deployment(1)}---\n${list}`;
    expect(await new InMemoryWorld({ stdin }).run('health', '-f', '-')).toEqual({
      code: 0,
      out:
        'KIND         NAMESPACE   NAME       HEALTH    REASON\n' +
        'Deployment   shop        checkout   Healthy   <none>\n' +
        'ConfigMap    <none>      a          Healthy   <none>\n',
      err: '',
    });
  });

  it('tells by its exit code that one is not well, and why', async () => {
    const { code, out } = await new InMemoryWorld({ stdin: deployment(0) }).run('health', '-f', '-', '-o', 'json');
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        items: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            namespace: 'shop',
            name: 'checkout',
            status: 'Progressing',
            reason: { code: 'NotAvailable', message: '0 of 1 replicas are available' },
          },
        ],
      },
    ]);
  });

  it('is not mistaken for an illness when the file is broken', async () => {
    const { code, err } = await new InMemoryWorld({ stdin: 'a: b' }).run('health', '-f', '-');
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      'stdin:1:1: is no Kubernetes object: it needs apiVersion, kind and metadata.name',
    ]);
  });
});

describe('version', () => {
  it('tells its own without a control plane', async () => {
    const outcome = await new InMemoryWorld().run('version', '--client');
    expect(outcome).toEqual({ code: 0, out: 'client: 0.1.0\n', err: '' });
  });
});
