import { describe, expect, it } from 'vitest';
import { anyDocumentSchema, documentId, documentTitle, keyOfDocument } from './document.ts';
import { trackedRef } from './stage.ts';

const apiVersion = 'fleet.flotilla.dev/v1alpha1';
const metadata = { name: 'main', project: 'shop' };

const good = {
  Project: { apiVersion, kind: 'Project', metadata: { name: 'shop' }, spec: { description: 'All of it' } },
  Repository: {
    apiVersion,
    kind: 'Repository',
    metadata,
    spec: {
      url: 'https://git.example.org/shop.git',
      credentials: { controlPlane: 'read', agent: 'pull' },
      poll: { interval: '30s' },
      webhook: { secret: 'hook' },
      write: { credential: 'shop-write', mode: 'pullRequest' },
      host: { type: 'github', url: 'https://git.example.org/api/v3', credential: 'shop-host' },
      configuration: { branch: 'main', path: 'fleet' },
    },
  },
  Environment: { apiVersion, kind: 'Environment', metadata, spec: { clusters: { matchLabels: { stage: 'dev' } } } },
  Pipeline: {
    apiVersion,
    kind: 'Pipeline',
    metadata,
    spec: { stages: [{ environment: 'dev', track: { repository: 'shop', branch: 'main' } }] },
  },
  Application: {
    apiVersion,
    kind: 'Application',
    metadata,
    spec: {
      pipeline: 'main',
      source: { repository: 'shop', path: 'services/${application.name}', also: ['base'] },
      namespace: 'shop-${environment.name}',
    },
  },
};

type Kind = keyof typeof good;

/** The problems of a document after one field of it was set to something else. */
function problemsWith(kind: Kind, path: string, value: unknown): string[] {
  const document: unknown = structuredClone(good[kind]);
  const steps = path.split('.');
  let place = document as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) place = place[step] as Record<string, unknown>;
  place[steps.at(-1)!] = value;
  const read = anyDocumentSchema.safeParse(document);
  return read.success ? [] : read.error.issues.map((issue) => [...issue.path, ...unknownKeys(issue)].join('.'));
}

/** zod names unknown keys beside the path of their parent. */
function unknownKeys(issue: object): string[] {
  return 'keys' in issue ? (issue.keys as string[]) : [];
}

describe('documents', () => {
  it.each(Object.values(good))('$kind is read, and read again the same', (document) => {
    const read = anyDocumentSchema.parse(document);
    expect(anyDocumentSchema.parse(read)).toEqual(read);
    expect(read).toMatchObject(document);
  });

  it('have the defaults that are written down', () => {
    const { metadata: project } = anyDocumentSchema.parse(good.Project);
    expect(project).toEqual({ name: 'shop', project: 'default' });
    expect(anyDocumentSchema.parse(good.Application).spec).toMatchObject({
      sync: { prune: true, drift: 'correct', onRemove: 'orphan', adopt: false, createNamespace: true },
    });
  });

  const wrong: [Kind, string, unknown, string?][] = [
    ['Project', 'apiVersion', 'v1'],
    ['Project', 'kind', 'Cluster'],
    ['Project', 'spec', null],
    ['Project', 'metadata.name', 'Shop'],
    ['Project', 'metadata.name', undefined],
    ['Project', 'metadata.color', 'red'],
    ['Project', 'metadata.labels', { 'bad key': 'x' }, 'metadata.labels.bad key'],
    ['Project', 'metadata.labels', { team: 'no spaces' }, 'metadata.labels.team'],
    ['Project', 'spec.description', 'x'.repeat(1_001)],
    ['Project', 'spec.allow', { namespaces: [''] }, 'spec.allow.namespaces.0'],
    ['Project', 'spec.allow', { kinds: ['ConfigMap'] }, 'spec.allow.kinds.0'],
    ['Project', 'spec.allow', { kinds: [{ kind: 'Pod' }] }, 'spec.allow.kinds.0.group'],
    ['Project', 'spec.allow', { podSecurity: 'baseline' }, 'spec.allow.podSecurity'],
    ['Repository', 'spec.url', 'git@example.org:shop.git'],
    ['Repository', 'spec.url', 'ssh://git@example.org/shop.git'],
    ['Repository', 'spec.url', 'file:///etc'],
    ['Repository', 'spec.url', 'ext::sh -c id'],
    ['Repository', 'spec.url', '-oProxyCommand=id'],
    ['Repository', 'spec.url', 'http://git.example.org/shop.git'],
    ['Repository', 'spec.url', 'http://localhost.example.org/shop.git'],
    ['Repository', 'spec.url', 'http://127.0.0.1.example.org/shop.git'],
    ['Repository', 'spec.url', 'https://user:secret@git.example.org/shop.git'],
    ['Repository', 'spec.url', 'https://git.example.org/shop.git?x=1'],
    ['Repository', 'spec.url', 'https://git.example.org/shop.git#main'],
    ['Repository', 'spec.url', ''],
    ['Repository', 'spec.host.url', 'http://git.example.org/api/v3'],
    ['Repository', 'spec.credentials.agent', '../other'],
    ['Repository', 'spec.poll.interval', 'often'],
    ['Repository', 'spec.poll.interval', '0s'],
    ['Repository', 'spec.configuration.path', '../other'],
    ['Repository', 'spec.configuration.path', '/etc'],
    ['Repository', 'spec.configuration.path', 'a//b'],
    ['Repository', 'spec.configuration.path', 'a\\b'],
    ['Repository', 'spec.configuration.branch', 'a..b'],
    ['Repository', 'spec.configuration.branch', '-f'],
    ['Repository', 'spec.configuration.branch', 'a.lock'],
    ['Repository', 'spec.configuration.branch', 'a\nb'],
    ['Repository', 'spec.configuration.branch', 'a b'],
    ['Repository', 'spec.configuration.branch', ''],
    ['Application', 'spec.sync', { deadline: 'soon' }, 'spec.sync.deadline'],
    ['Application', 'spec.sync', { retry: { limit: -1 } }, 'spec.sync.retry.limit'],
    ['Application', 'spec.sync', { retry: { backoff: { duration: '0s' } } }, 'spec.sync.retry.backoff.duration'],
    ['Application', 'spec.sync', { namespace: {} }, 'spec.sync.namespace'],
    ['Application', 'spec.sync', { namespace: { labels: { team: 'a b' } } }, 'spec.sync.namespace.labels.team'],
    ['Application', 'spec.sync', { namespace: { labels: { 'flotilla.dev/target': 'a' } } }, 'spec.sync.namespace'],
    ['Application', 'spec.sync', { namespace: { annotations: { 'flotilla.dev/suspend': '' } } }, 'spec.sync.namespace'],
    ['Application', 'spec.sync', { namespace: { finalizers: [] } }, 'spec.sync.namespace.finalizers'],
    ['Application', 'spec.sync', { createNamespace: false, namespace: { labels: { a: 'b' } } }, 'spec.sync.namespace'],
    ['Application', 'spec.dependsOn', [{ application: 'accounts' }], 'spec.dependsOn.0.same'],
    ['Application', 'spec.dependsOn', [{ application: 'accounts', same: 'fleet' }], 'spec.dependsOn.0.same'],
    ['Environment', 'spec.clusters', {}],
    ['Environment', 'spec.clusters', { matchLabels: {} }],
    ['Environment', 'spec.clusters', { matchExpressions: [] }],
    [
      'Environment',
      'spec.clusters.matchExpressions',
      [{ key: 'a', operator: 'In' }],
      'spec.clusters.matchExpressions.0',
    ],
    [
      'Environment',
      'spec.clusters.matchExpressions',
      [{ key: 'a', operator: 'Exists', values: ['b'] }],
      'spec.clusters.matchExpressions.0',
    ],
    ['Environment', 'spec.facts', {}],
    ['Environment', 'spec.retreat', { after: 'soon' }, 'spec.retreat.after'],
    ['Environment', 'spec.retreat', { to: 'previous-good' }, 'spec.retreat.to'],
    ['Environment', 'spec.windows', [{ duration: '1h' }], 'spec.windows.0'],
    ['Environment', 'spec.windows', [{ deny: '0 0 * * *', allow: '0 0 * * *', duration: '1h' }], 'spec.windows.0'],
    ['Environment', 'spec.windows', [{ deny: '0 0 * *', duration: '1h' }], 'spec.windows.0'],
    ['Environment', 'spec.windows', [{ deny: '0 0 * * *', duration: 'long' }], 'spec.windows.0'],
    ['Environment', 'spec.windows', [{ deny: '0 0 * * *', duration: '1h', timeZone: 'Mars' }], 'spec.windows.0'],
    ['Environment', 'spec.windows', [{ deny: '0 0 * * *', duration: '1h', days: [] }], 'spec.windows.0.days'],
    ['Pipeline', 'spec.stages', []],
    ['Pipeline', 'spec.stages.0.track', { repository: 'shop' }],
    ['Pipeline', 'spec.stages.0.track', { repository: 'shop', branch: 'main', tag: 'v1' }],
    ['Pipeline', 'spec.stages.0.track.branch', 'a b'],
    ['Pipeline', 'spec.stages.0.after', ['dev']],
    ['Pipeline', 'spec.stages.0.track', undefined, 'spec.stages.0'],
    ['Pipeline', 'spec.stages.0.promote', 'manual'],
    ['Pipeline', 'spec.stages.0.gates', [{ soak: '1h' }]],
    ['Application', 'spec.pipeline', ''],
    ['Application', 'spec.source.path', '${cluster.name}/app'],
    ['Application', 'spec.source.path', '${environment.name}/../other'],
    ['Application', 'spec.source.path', '/${environment.name}'],
    ['Application', 'spec.source.also', ['..'], 'spec.source.also.0'],
    ['Application', 'spec.namespace', 'Shop'],
    ['Application', 'spec.namespace', '-${environment.name}'],
    ['Application', 'spec.serviceAccount', ''],
    ['Application', 'spec.serviceAccount', 'other:admin'],
    ['Application', 'spec.sync', { prune: 'yes' }, 'spec.sync.prune'],
    ['Application', 'spec.sync', { drift: 'sometimes' }, 'spec.sync.drift'],
    ['Application', 'spec.sync', { onRemove: 'keep' }, 'spec.sync.onRemove'],
    ['Application', 'spec.sync', { force: true }, 'spec.sync.force'],
    ['Application', 'spec.sync', { driftRules: [{ kind: 'Job' }] }, 'spec.sync.driftRules.0.mode'],
    ['Application', 'spec.sync', { driftRules: [{ mode: 'off', kinds: [] }] }, 'spec.sync.driftRules.0.kinds'],
  ];
  it.each(wrong)('%s with %s %j is refused, and the place is named', (kind, path, value, place = path) => {
    expect(problemsWith(kind, path, value)).toContain(place);
  });

  const following = (over: object) => [
    good.Pipeline.spec.stages[0],
    { environment: 'staging', after: ['dev'], ...over },
  ];
  it.each<[over: object, place: string]>([
    [{ after: [] }, 'after'],
    [{ after: ['test'] }, 'after.0'],
    [{ after: ['dev', 'dev'] }, 'after.1'],
    [{ after: ['staging'] }, 'after'],
    [{ promote: 'later' }, 'promote'],
    [{ gates: [{}] }, 'gates.0'],
    [{ gates: [{ soak: '1h', window: { allow: '0 8 * * *', duration: '1h' } }] }, 'gates.0'],
    [{ gates: [{ soak: 'long' }] }, 'gates.0.soak'],
    [{ gates: [{ metric: 'errors' }] }, 'gates.0.metric'],
    [{ gates: [{ approval: {} }] }, 'gates.0.approval'],
    [{ gates: [{ approval: { group: 'leads', users: ['ann'] } }] }, 'gates.0.approval'],
    [{ gates: [{ approval: { users: ['ann', 'ann'], count: 2 } }] }, 'gates.0.approval.count'],
    [{ gates: [{ approval: { users: ['Ann Lee'] } }] }, 'gates.0.approval.users.0'],
    [{ gates: [{ window: { duration: '1h' } }] }, 'gates.0.window'],
    [{ gates: [{ dependency: { application: 'accounts' } }] }, 'gates.0.dependency.environment'],
    [{ gates: [{ web: { url: 'https://ci.example.org' } }] }, 'gates.0.web.secret'],
    [{ gates: [{ web: { url: 'http://ci.example.org', secret: 'ci' } }] }, 'gates.0.web.url'],
    [{ gates: [{ web: { url: 'https://me:word@ci.example.org', secret: 'ci' } }] }, 'gates.0.web.url'],
    [{ gates: [{ web: { url: 'https://ci.example.org', secret: 'ci', every: '10ms' } }] }, 'gates.0.web.every'],
    [{ gates: [{ web: { url: 'https://ci.example.org', secret: 'ci', expires: '9999999d' } }] }, 'gates.0.web.expires'],
    [{ gates: [1, 2].map((every) => ({ web: { url: 'https://a.org', secret: 'ci', every: `${every}m` } })) }, 'gates'],
  ])('a stage that comes after another with %j is refused at %s', (over, place) => {
    expect(problemsWith('Pipeline', 'spec.stages', following(over))).toEqual([`spec.stages.1.${place}`]);
  });

  it('a stage may come after others, with a gate of every kind', () => {
    const gates = [
      { soak: '30m' },
      { approval: { group: 'leads', count: 2, expires: '1d' } },
      { window: { deny: '0 17 * * 5', duration: '63h', timeZone: 'Europe/Berlin' } },
      { dependency: { application: 'accounts', environment: 'staging' } },
      { web: { url: 'https://ci.example.org/gate', secret: 'ci', every: '30s', expires: '2h' } },
    ];
    expect(problemsWith('Pipeline', 'spec.stages', following({ promote: 'auto', gates }))).toEqual([]);
  });

  it('refuse a second stage for an environment, at its place', () => {
    const stage = good.Pipeline.spec.stages[0];
    expect(problemsWith('Pipeline', 'spec.stages', [stage, stage])).toEqual(['spec.stages.1.environment']);
  });

  const right: [Kind, string, unknown][] = [
    ['Repository', 'spec.url', 'http://localhost:8080/shop.git'],
    ['Repository', 'spec.url', 'http://127.0.0.1:3000/shop.git'],
    ['Repository', 'spec.url', 'http://[::1]:3000/shop.git'],
    ['Repository', 'spec.configuration.path', '.'],
    ['Pipeline', 'spec.stages.0.track', { repository: 'shop', tag: 'v1.2.3' }],
    ['Application', 'spec.source.path', '.'],
    ['Environment', 'spec.clusters', { matchExpressions: [{ key: 'flotilla.dev/name', operator: 'Exists' }] }],
  ];
  it.each(right)('%s with %s %j is taken', (kind, path, value) => {
    expect(problemsWith(kind, path, value)).toEqual([]);
  });

  it('have one name for each', () => {
    const keys = Object.values(good).map((document) => keyOfDocument(anyDocumentSchema.parse(document)));
    expect(keys.map(documentTitle)).toEqual([
      'Project shop',
      'Repository shop/main',
      'Environment shop/main',
      'Pipeline shop/main',
      'Application shop/main',
    ]);
    expect(new Set(keys.map(documentId)).size).toBe(5);
    expect([trackedRef({ repository: 'r', branch: 'a/b' }), trackedRef({ repository: 'r', tag: 'v1' })]).toEqual([
      'refs/heads/a/b',
      'refs/tags/v1',
    ]);
  });
});
