import { describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "1"}\n';

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
      'the input of another renderer',
      { Kustomization: '', 'a.yaml': configMap },
      /Kustomization: is for kustomize, which is not offered yet/,
    ],
  ])('gives nothing of %s', async (_, files, message) => {
    await using folder = await tempFolder(files);
    const { code, out, err } = await new InMemoryWorld().run('render', folder.path);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
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
