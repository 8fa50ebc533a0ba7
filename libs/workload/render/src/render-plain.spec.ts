import { problemLine } from '@flotilla/workload-manifests';
import { describe, expect, it } from 'vitest';
import { renderDigest } from './render-digest.ts';
import { renderPlain } from './render-plain.ts';

const file = (path: string, text: string) => ({ path, content: new TextEncoder().encode(text) });
const configMap = (name: string, value = '1') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;

function manifestsOf(...files: ReturnType<typeof file>[]) {
  const rendered = renderPlain({ files, path: '.' });
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.reason));
  return rendered.value.manifests;
}

describe('rendering plain YAML', () => {
  const files = [
    file('services/checkout/b.yaml', configMap('b')),
    file('services/checkout/deep/a.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}'),
    file('services/checkout/README.md', 'no manifest'),
    file('services/checkout-old/c.yaml', configMap('c')),
    file('shared/kustomization.yaml', 'resources: []'),
    file('root.yaml', configMap('root')),
  ];

  it.each([
    ['services/checkout', ['b', 'a']],
    ['services/checkout/b.yaml', ['b']],
    ['services', ['c', 'b', 'a']],
    ['root.yaml', ['root']],
  ])('takes what is inside %s and nothing else', (path, names) => {
    const rendered = renderPlain({ files, path });
    expect(rendered.ok && rendered.value.manifests.map(({ key }) => key.name)).toEqual(names);
    expect(rendered.ok && rendered.value.empty).toBe(false);
  });

  it('fills what it reads where there is something to fill it with, and names what is not set by file and line', () => {
    const render = (text: string, variables?: Record<string, string>) =>
      renderPlain({ files: [file('a/b.yaml', text)], path: 'a', variables });
    const outcomes = [undefined, {}, { 'environment.name': 'dev' }].map((variables) => {
      const rendered = render(configMap('x', '${environment.name}'), variables);
      return rendered.ok ? rendered.value.manifests[0]!.object['data'] : rendered.reason.map(problemLine);
    });
    expect(outcomes).toEqual([
      { value: '${environment.name}' },
      ['a/b.yaml:4:8: data.value: variable not set: environment.name'],
      { value: 'dev' },
    ]);
  });

  it('says that nothing came out, and leaves it to others what that means', () => {
    const nothing = { ok: true, value: { manifests: [], empty: true } };
    expect(renderPlain({ files, path: 'services/gone' })).toEqual(nothing);
    expect(renderPlain({ files: [file('a/b.yaml', '# later\n'), file('a/README.md', 'x')], path: 'a' })).toEqual(
      nothing,
    );
  });

  it('gives all or nothing', () => {
    const broken = [
      ...files,
      file('services/checkout/z.yaml', `${configMap('z')}---\nkind: ConfigMap\nmetadata: {name: last}\n`),
    ];
    expect(renderPlain({ files: broken, path: 'services/checkout' })).toEqual({
      ok: false,
      reason: [{ file: 'services/checkout/z.yaml', line: 6, column: 1, message: 'is missing', path: 'apiVersion' }],
    });
  });

  it.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml', 'deep/Chart.yaml'])(
    'never takes the input of another renderer for plain: %s',
    (name) => {
      const rendered = renderPlain({
        files: [file(`app/${name}`, 'a: 1'), file('app/a.yaml', configMap('a'))],
        path: 'app',
      });
      expect(rendered).toEqual({
        ok: false,
        reason: [
          {
            file: `app/${name}`,
            message: expect.stringMatching(/^is for (kustomize|helm), and stands among what is read as plain YAML/),
          },
        ],
      });
    },
  );

  it('puts objects into their namespace when it is told', () => {
    const rendered = renderPlain({ files, path: 'root.yaml', namespace: 'shop', kinds: () => 'namespaced' });
    expect(rendered.ok && rendered.value.manifests.map(({ key }) => key.namespace)).toEqual(['shop']);
  });
});

describe('the render digest', () => {
  const key = new Uint8Array(32).fill(7);
  const both = manifestsOf(file('a.yaml', configMap('a')), file('b.yaml', configMap('b')));

  it('is about what was rendered, not where it was written', () => {
    const moved = manifestsOf(
      file('z.yaml', `---\n${configMap('b').replace('{value: "1"}', '\n  value: "1"')}---\n${configMap('a')}`),
    );
    expect(renderDigest(moved, key)).toBe(renderDigest(both, key));
    expect(renderDigest(both, key)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['another value', manifestsOf(file('a.yaml', configMap('a')), file('b.yaml', configMap('b', '2')))],
    ['one object less', manifestsOf(file('a.yaml', configMap('a')))],
    ['another name', manifestsOf(file('a.yaml', configMap('a')), file('b.yaml', configMap('c')))],
    ['nothing', []],
  ])('changes with %s', (_, manifests) => expect(renderDigest(manifests, key)).not.toBe(renderDigest(both, key)));

  it('tells nothing without the key', () => {
    expect(renderDigest(both, new Uint8Array(32))).not.toBe(renderDigest(both, key));
  });
});
