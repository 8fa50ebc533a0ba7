import { deepEqual } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryObjectStore } from '@flotilla/platform-git';
import { InMemoryGitRemote, InMemoryGitRepository } from '@flotilla/platform-git/testing';
import { programPlaces } from '@flotilla/testing';
import { problemLine } from '@flotilla/workload-manifests';
import {
  boxLimits,
  InstalledPrograms,
  render,
  type BoxLimits,
  type ProgramName,
  type RenderJob,
} from '@flotilla/workload-render';

const programs = new InstalledPrograms(programPlaces());
const isHere = { kustomize: await isInstalled('kustomize'), helm: await isInstalled('helm') };

async function isInstalled(name: ProgramName): Promise<boolean> {
  const found = await programs.find(name);
  if (!found.ok) process.stderr.write(`${found.reason.message}; what it would render is not tried\n`);
  return found.ok;
}

type Texts = Readonly<Record<string, string>>;

const files = (texts: Texts) => Object.entries(texts).map(([path, text]) => ({ path, content: Buffer.from(text) }));

/** What comes of files: the data of their first object, or the kind of failure and what is told of it. */
async function outcome(texts: Texts, more: Partial<RenderJob> = {}, limits: Partial<BoxLimits> = {}) {
  const job = { files: files(texts), path: 'app', application: 'shop', namespace: 'store', ...more };
  const some = { ...programPlaces(), limits: { ...boxLimits, ...limits } };
  const rendered = await render(job, new InstalledPrograms(some));
  if (!rendered.ok) return [rendered.reason.kind, rendered.reason.problems.map(problemLine).join('; ')];
  return (rendered.value.manifests[0]?.object as { data?: unknown } | undefined)?.data;
}

/** A chart of one object, whose data is made by a template. */
const chart = (value: string, more: Texts = {}): Texts => ({
  'app/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'app/values.yaml': 'list: []\n',
  'app/files/note.txt': 'note',
  'app/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {made: ${value}}\n`,
  ...more,
});

const kustomization = (text: string, more: Texts = {}): Texts => ({
  'app/kustomization.yaml': text,
  'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {made: it}\n',
  ...more,
});

let server: Server;
let connections = 0;
let address = '';
let before: string[];

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('flotilla-render-'));

beforeAll(async () => {
  server = createServer((socket) => socket.end(void connections++)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  before = left();
});

/** Holds after every case, whatever it tried. */
afterEach(() => {
  deepEqual([connections, left().filter((name) => !before.includes(name))], [0, []]);
});

afterAll(() => server.close());

describe.skipIf(!isHere.helm)('AT-13: a chart in the box', () => {
  it.each<[string, string, string]>([
    ['asks for objects of a cluster', '{{ lookup "v1" "Secret" "kube-system" "" | toJson | quote }}', '{}'],
    ['asks for an address', '{{ getHostByName "localhost" | quote }}', ''],
    ['asks for all of its files', '{{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}', 'files/note.txt'],
    ['asks for a file beside it', '{{ .Files.Get "../secret.txt" | quote }}', ''],
    ['asks for a file of the machine', '{{ .Files.Get "/etc/passwd" | quote }}', ''],
    ['asks for its cluster', '{{ .Capabilities.KubeVersion }} {{ .Release.Namespace }}', 'v1.36.1 store'],
  ])('%s, and gets what it may have', async (_, template, made) => {
    const texts = chart(template, { 'secret.txt': 'secret' });
    expect(await outcome(texts, { capabilities: { kubeVersion: 'v1.36.1' } })).toEqual({ made });
  });

  it.each<[string, string, Partial<BoxLimits>, string, string]>([
    ['asks for the environment', '{{ env "PATH" }}', {}, 'Failed', 'function "env" not defined'],
    ['asks for it in a text', '{{ expandenv "$PATH" }}', {}, 'Failed', 'function "expandenv" not defined'],
    ['counts to a thousand million', '{{ range until 1000000000 }}x{{ end }}', {}, 'TooLarge', '512 MiB of memory'],
    [
      'fills itself in, again and again',
      '{{ tpl (index .Values.list 0) . }}',
      { memoryBytes: 256 * 1024 ** 2 },
      'TooLarge',
      '256 MiB of memory',
    ],
    [
      'doubles a text',
      '{{ $s := "xx" }}{{ range until 40 }}{{ $s = print $s $s }}{{ end }}{{ $s }}',
      {},
      'TooLarge',
      '512 MiB of memory',
    ],
    [
      'takes its time',
      '{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}',
      { timeMs: 1_000 },
      'TooSlow',
      'not done after 1000 ms',
    ],
    [
      'prints much',
      '{{ range until 400 }}{{ repeat 10000 "x" }}{{ end }}',
      { outputBytes: 1_000_000 },
      'TooLarge',
      'printed more than 1000000 bytes',
    ],
  ])('%s, and is refused', async (_, template, limits, kind, part) => {
    const texts = chart(template, {
      'app/values.yaml': `list: ['{{ tpl (index .Values.list 0) . }}{{ tpl (index .Values.list 0) . }}']\n`,
    });
    expect(await outcome(texts, {}, limits)).toEqual([kind, expect.stringContaining(part)]);
  });

  it.each<[string, (address: string) => string, RegExp]>([
    ['over the network', (at) => `http://${at}/schema.json`, /network is unreachable/],
    ['on the machine', () => 'file:///etc/passwd', /no such file or directory/],
    ['that never ends', () => 'file:///dev/zero', /no such file or directory/],
  ])('has a schema that names one %s, which is not read', async (_, reference, words) => {
    const schema = JSON.stringify({ $ref: reference(address) });
    expect(await outcome(chart('a', { 'app/values.schema.json': schema }))).toEqual([
      'Failed',
      expect.stringMatching(words),
    ]);
  });

  it.each<[string, (address: string) => string]>([
    ['OCI', (at) => `oci://${at}/charts`],
    ['HTTP', (at) => `http://${at}/charts`],
    ['a folder of the machine', () => 'file:///charts/common'],
  ])('stands on a chart from %s, and is refused with the way out', async (_, repository) => {
    const dependency = `dependencies: [{name: common, version: 1.0.0, repository: "${repository(address)}"}]\n`;
    const texts = chart('a');
    expect(await outcome({ ...texts, 'app/Chart.yaml': texts['app/Chart.yaml'] + dependency })).toEqual([
      'Invalid',
      'app/Chart.yaml:4:16: dependencies[0]: the chart common is not in charts/, and a render has no network; run `helm dependency build` and commit charts/',
    ]);
  });

  it('brings plugins that would render after helm, and nobody looks for them', async () => {
    const plugin = 'apiVersion: v1\nname: evil\ntype: postrenderer/v1\nruntime: subprocess\nversion: 1.0.0\n';
    const places = ['.local/share/helm/plugins', '.config/helm/plugins', 'app/plugins', 'plugins'];
    const planted = Object.fromEntries(places.map((place) => [`${place}/evil/plugin.yaml`, plugin]));
    expect(await outcome(chart('helm', planted))).toEqual({ made: 'helm' });
  });

  it('has a link for a Chart.lock (CVE-2025-53547), and is never taken out of Git', async () => {
    const repository = new InMemoryGitRepository();
    const remote = new InMemoryGitRemote({ repository, store: new InMemoryObjectStore({ bytesMax: 1_000_000 }) });
    const [link, text] = [repository.write('blob', '../../.bashrc'), repository.write('blob', 'name: shop\n')];
    const tree = repository.writeTree([
      { mode: '120000', name: 'Chart.lock', oid: link },
      { mode: '100644', name: 'Chart.yaml', oid: text },
    ]);
    const commit = repository.commitTree(repository.writeTree([{ mode: '40000', name: 'app', oid: tree }]));
    repository.rewind('main', commit);
    await expect(remote.pull({ commit, paths: ['app'], files: true })).rejects.toThrow('Chart.lock');
  });
});

describe.skipIf(!isHere.kustomize)('AT-13: a kustomization in the box', () => {
  const generator = (runs: string) =>
    `apiVersion: example.org/v1\nkind: Maker\nmetadata:\n  name: a\n  annotations:\n    config.kubernetes.io/function: '${runs}'\n`;

  /** Everything that kustomize itself would have to be allowed. */
  const forced = async (texts: Texts) => {
    const words = ['build', '--enable-helm', '--enable-alpha-plugins', '--enable-exec', '--network', '/files/app'];
    return (await programs.run('kustomize', { words, files: files(texts) })).ok;
  };

  it('is built', async () => {
    const texts = kustomization('resources: [a.yaml]');
    expect([await outcome(texts), await forced(texts)]).toEqual([{ made: 'it' }, true]);
  });

  /** Each is refused before kustomize runs, and held by the box when kustomize is run on it all the same. */
  it.each<[string, (address: string) => Texts]>([
    ['a file over HTTP', (at) => kustomization(`resources: ["http://${at}/a.yaml"]`)],
    ['a repository over HTTPS', (at) => kustomization(`resources: ["https://${at}/shop.git?ref=main"]`)],
    ['a repository over SSH', (at) => kustomization(`resources: ["ssh://git@${at}/shop.git"]`)],
    ['a repository by git::', (at) => kustomization(`resources: ["git::http://${at}/shop.git"]`)],
    ['a patch over HTTP', (at) => kustomization(`resources: [a.yaml]\npatches: [{path: "http://${at}/p.yaml"}]`)],
    ['a chart', (at) => kustomization(`helmCharts: [{name: common, repo: "http://${at}"}]`)],
    ['a file of the machine', () => kustomization('resources: [/etc/passwd]')],
    [
      'a value from a file of the machine',
      () => kustomization('configMapGenerator: [{name: a, files: [/etc/passwd]}]'),
    ],
    [
      'a program',
      () => kustomization('generators: [gen.yaml]', { 'app/gen.yaml': generator('exec: {path: ./gen.sh}') }),
    ],
    [
      'a container',
      (at) =>
        kustomization('transformers: [gen.yaml]', {
          'app/gen.yaml': generator(`container: {image: ${at}/a, network: true}`),
        }),
    ],
    [
      'a plugin',
      () =>
        kustomization('generators: [gen.yaml]', {
          'app/gen.yaml': 'apiVersion: example.org/v1\nkind: Maker\nmetadata: {name: a}\n',
        }),
    ],
  ])('asks for %s, and is refused', async (_, texts) => {
    const asked = texts(address);
    expect([(await outcome(asked))?.[0 as never], await forced(asked)]).toEqual(['Invalid', false]);
  });

  it('asks for too much, and is ended', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `a${index}: ${'x'.repeat(100)}`);
    const more = { 'app/a.env': lines.join('\n').replaceAll(': ', '=') };
    expect(
      await outcome(kustomization('configMapGenerator: [{name: a, envs: [a.env]}]', more), {}, { outputBytes: 10_000 }),
    ).toEqual(['TooLarge', expect.stringContaining('printed more than 10000 bytes')]);
  });
});
