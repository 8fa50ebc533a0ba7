import { describe, expect, it } from 'vitest';
import { anyDocumentSchema, documentTitle, type FleetDocument } from './document.ts';
import { applyOwner, planDocuments, type DocumentPlan, type OwnedDocument } from './plan-documents.ts';

const git = 'shop/config:fleet';

function make(kind: string, name: string, spec: object, more: object = {}): FleetDocument {
  const metadata = { name, project: 'shop', ...more };
  return anyDocumentSchema.parse({ apiVersion: 'fleet.flotilla.dev/v1alpha1', kind, metadata, spec });
}

const project = make('Project', 'shop', {});
const repository = (name = 'code') => make('Repository', name, { url: `https://git.example.org/${name}.git` });
const environment = (name = 'dev') => make('Environment', name, { clusters: { matchLabels: { stage: name } } });
const pipeline = (environments = ['dev'], tracked = 'code') =>
  make('Pipeline', 'standard', {
    stages: environments.map((name) => ({ environment: name, track: { repository: tracked, branch: 'main' } })),
  });
const application = (name = 'checkout', over: object = {}) =>
  make('Application', name, {
    pipeline: 'standard',
    source: { repository: 'code', path: 'app' },
    namespace: 'shop',
    ...over,
  });
const whole = () => [project, repository(), environment(), pipeline(), application()];

const owned = (documents: readonly FleetDocument[], owner = git): OwnedDocument[] =>
  documents.map((document) => ({ document, owner }));

/** A plan as a person reads it. */
function told({ changes, problems }: DocumentPlan): { changes: string[]; problems: string[] } {
  return {
    changes: changes.map(({ action, key }) => `${action} ${documentTitle(key)}`),
    problems: problems.map(({ key, path, message }) => `${documentTitle(key)} [${path.join('.')}] ${message}`),
  };
}

it('a notifier that waits for what never comes is refused while it is new, and keeps nobody from anything once it is there', () => {
  const waits = (when: string) => make('Notifier', 'on-call', { when: [when], to: { slack: { address: 'team' } } });
  const plan = (current: readonly FleetDocument[], ...incoming: readonly FleetDocument[]) =>
    told(planDocuments({ current: owned(current), incoming: [project, ...incoming], owner: git, complete: true }))
      .problems;
  const never = waits('rollout.halted');
  expect([plan([], waits('rollout.halt')), plan([never], never), plan([], never)]).toEqual([
    [],
    [],
    [expect.stringMatching(/^Notifier shop\/on-call \[spec.when.0\] the ledger never says rollout.halted; /)],
  ]);
});

describe('what applications depend on', () => {
  const dependsOn = (...names: readonly string[]) => ({
    dependsOn: names.map((name) => ({ application: name, same: 'cluster' })),
  });
  const problemsOf = (...applications: readonly FleetDocument[]) => {
    const [, ...others] = [application(), project, repository(), environment(), pipeline()];
    const incoming = [...others, ...applications];
    return told(planDocuments({ current: [], incoming, owner: git, complete: true })).problems;
  };

  it('has to be there', () => {
    expect([
      problemsOf(application('checkout', dependsOn('accounts')), application('accounts')),
      problemsOf(application('checkout', dependsOn('accounts'))),
    ]).toEqual([
      [],
      ['Application shop/checkout [spec.dependsOn.0.application] there is no Application shop/accounts'],
    ]);
  });

  it('must lead back to none of them', () => {
    const circle = [
      application('a', dependsOn('z', 'b')),
      application('b', dependsOn('c')),
      application('c', dependsOn('a')),
    ];
    expect(
      problemsOf(
        ...circle,
        application('z'),
        application('outside', dependsOn('a')),
        application('own', dependsOn('own')),
      ),
    ).toEqual([
      'Application shop/a [spec.dependsOn.1.application] depends on itself: a -> b -> c -> a',
      'Application shop/b [spec.dependsOn.0.application] depends on itself: b -> c -> a -> b',
      'Application shop/c [spec.dependsOn.0.application] depends on itself: c -> a -> b -> c',
      'Application shop/own [spec.dependsOn.0.application] depends on itself: own -> own',
    ]);
  });

  it('must run wherever it is waited for', () => {
    const short = make('Pipeline', 'short', {
      stages: [{ environment: 'test', track: { repository: 'code', branch: 'main' } }],
    });
    const elsewhere = application('accounts', { pipeline: 'short' });
    expect(problemsOf(environment('test'), short, application('checkout', dependsOn('accounts')), elsewhere)).toEqual([
      'Application shop/checkout [spec.dependsOn.0.application] never runs in environment dev, where this application would wait for it',
    ]);
  });

  it('may have any shape but a circle, and is looked through once', () => {
    const layers = Array.from({ length: 30 }, (_, depth) =>
      ['x', 'y'].map((side) =>
        application(`${side}${depth}`, depth === 0 ? {} : dependsOn(`x${depth - 1}`, `y${depth - 1}`)),
      ),
    );
    expect(problemsOf(...layers.flat())).toEqual([]);
  });
});

describe('planning documents', () => {
  const input = { current: owned(whole()), incoming: whole(), owner: git, complete: true };
  const plan = (over: Partial<Parameters<typeof planDocuments>[0]>) => told(planDocuments({ ...input, ...over }));

  it('creates makers before users, and deletes users before makers', () => {
    expect(plan({ current: [], incoming: whole().toReversed() })).toEqual({
      changes: [
        'create Project shop',
        'create Repository shop/code',
        'create Environment shop/dev',
        'create Pipeline shop/standard',
        'create Application shop/checkout',
      ],
      problems: [],
    });
    expect(plan({ incoming: [] }).changes).toEqual([
      'delete Application shop/checkout',
      'delete Pipeline shop/standard',
      'delete Environment shop/dev',
      'delete Repository shop/code',
      'delete Project shop',
    ]);
  });

  it('changes nothing when nothing changed, however it is written', () => {
    const rewritten = whole().map((document) => {
      const { labels = {}, annotations = {}, ...metadata } = document.metadata;
      return anyDocumentSchema.parse({ ...document, metadata: { annotations, labels, ...metadata } });
    });
    const stored = make('Project', 'shop', {}, { project: 'shop' });
    const sent = make('Project', 'shop', {}, { project: 'default' });
    expect(new Set(plan({ incoming: rewritten }).changes.map((change) => change.split(' ')[0]))).toEqual(
      new Set(['unchanged']),
    );
    expect(plan({ current: owned([stored]), incoming: [sent] })).toEqual({
      changes: ['unchanged Project shop'],
      problems: [],
    });
  });

  it('sees a change of labels, and of the order of stages', () => {
    const both = owned([...whole().slice(0, 3), environment('prod'), pipeline(['dev', 'prod']), application()]);
    const incoming = [
      make('Environment', 'dev', environment().spec, { labels: { team: 'a' } }),
      pipeline(['prod', 'dev']),
    ];
    expect(plan({ current: both, incoming, complete: false }).changes).toEqual([
      'update Environment shop/dev',
      'update Pipeline shop/standard',
    ]);
  });

  it('deletes what is missing only when all of it was given, and only what is its own', () => {
    const current = [...owned(whole()), ...owned([environment('theirs')], applyOwner)];
    const incoming = whole().slice(0, 4);
    expect(plan({ current, incoming, complete: true }).changes.at(-1)).toBe('delete Application shop/checkout');
    expect(plan({ current, incoming, complete: true }).changes).not.toContain('delete Environment shop/theirs');
    expect(plan({ current, incoming, complete: false }).changes).not.toContain('delete Application shop/checkout');
  });

  it('deletes by name, and not what is not there', () => {
    const key = { project: 'shop', kind: 'Application', name: 'checkout' } as const;
    const remove = [key, { ...key, name: 'absent' }];
    expect(plan({ incoming: [], complete: false, remove }).changes).toEqual(['delete Application shop/checkout']);
  });

  it('refuses a change by anybody but the owner, and says who that is', () => {
    const changed = application('checkout', { namespace: 'other' });
    const key = { project: 'shop', kind: 'Application', name: 'checkout' } as const;
    const message = 'Application shop/checkout [] Application shop/checkout is owned by';
    expect(plan({ incoming: [changed], owner: applyOwner, complete: false }).problems).toEqual([
      `${message} the configuration path ${git}; change it there`,
    ]);
    expect(plan({ incoming: [], remove: [key], owner: applyOwner, complete: false }).problems).toEqual([
      `${message} the configuration path ${git}; change it there`,
    ]);
    expect(plan({ current: owned(whole(), applyOwner), incoming: [...whole().slice(0, 4), changed] }).problems).toEqual(
      [`${message} apply (flotilla apply -f FILE); change it there`],
    );
    expect(plan({ incoming: [application()], owner: applyOwner, complete: false }).problems).toEqual([]);
  });

  it('refuses a document that names what is not there, at the place of the name', () => {
    expect(plan({ current: [], incoming: [project, pipeline(), application()] }).problems).toEqual([
      'Pipeline shop/standard [spec.stages.0.environment] there is no Environment shop/dev',
      'Pipeline shop/standard [spec.stages.0.track.repository] there is no Repository shop/code',
      'Application shop/checkout [spec.source.repository] there is no Repository shop/code',
    ]);
    expect(plan({ current: [], incoming: [environment()] }).problems).toEqual([
      'Environment shop/dev [metadata.project] there is no Project shop',
    ]);
  });

  it('refuses to delete what is still used, whoever uses it', () => {
    const current = [...owned(whole().slice(0, 3)), ...owned(whole().slice(3), applyOwner)];
    expect(plan({ current, incoming: [project, repository()] }).problems).toEqual([
      'Environment shop/dev [] Environment shop/dev is still used by Pipeline shop/standard',
    ]);
  });

  it('is not held up by a name that was dangling before and is not touched now', () => {
    const current = owned([project, repository(), pipeline()]);
    expect(plan({ current, incoming: [environment('other')], complete: false }).problems).toEqual([]);
  });

  it('refuses a stage that tracks another repository than its application reads', () => {
    const incoming = [repository('other'), pipeline(['dev'], 'other')];
    expect(plan({ incoming, complete: false }).problems).toEqual([
      'Application shop/checkout [spec.source.repository] reads repository code, but stage dev of pipeline standard tracks other',
    ]);
  });

  describe('with gates', () => {
    const gated = (...gates: readonly object[]) => [
      environment('production'),
      make('Pipeline', 'standard', {
        stages: [
          { environment: 'dev', track: { repository: 'code', branch: 'main' } },
          { environment: 'production', after: ['dev'], gates },
        ],
      }),
    ];
    const problemsOf = (gate: object, groups: object = { leads: ['ann', 'bob', 'bob'] }) =>
      plan({ incoming: [make('Project', 'shop', { groups }), ...gated(gate)], complete: false }).problems;
    const place = 'Pipeline shop/standard [spec.stages.1.gates.0';

    it('refuses groups that are not there, or are too small', () => {
      expect([
        problemsOf({ approval: { group: 'leads', count: 2 } }),
        problemsOf({ approval: { group: 'leads', count: 3 } }),
        problemsOf({ approval: { group: 'leads' } }, {}),
      ]).toEqual([
        [],
        [`${place}.approval.group] has 2 of the 3 people that have to approve`],
        [`${place}.approval.group] project shop has no group leads`],
      ]);
    });

    it('refuses what would be waited for and is not there, or is the one that waits', () => {
      const waits = (name: string, where = 'production') => ({ dependency: { application: name, environment: where } });
      expect([
        problemsOf(waits('checkout', 'dev')),
        problemsOf(waits('accounts')),
        problemsOf(waits('checkout')),
      ]).toEqual([
        [],
        [`${place}.dependency.application] there is no Application shop/accounts`],
        [
          'Application shop/checkout [spec.pipeline] stage production of pipeline standard waits for this application itself',
        ],
      ]);
    });
  });

  it('refuses gates of waves as it does those of stages', () => {
    const problemsOf = (gate: object) => {
      const waves = [
        { name: 'canary', take: 1 },
        { name: 'rest', gates: [gate] },
      ];
      const gated = make('Environment', 'dev', { clusters: { matchLabels: { stage: 'dev' } }, rollout: { waves } });
      return plan({ incoming: [make('Project', 'shop', { groups: { leads: ['ann'] } }), gated], complete: false })
        .problems;
    };
    const place = 'Environment shop/dev [spec.rollout.waves.1.gates.0';
    expect([
      problemsOf({ approval: { group: 'leads' } }),
      problemsOf({ approval: { group: 'owners' } }),
      problemsOf({ dependency: { application: 'accounts', environment: 'dev' } }),
      problemsOf({ dependency: { application: 'checkout', environment: 'dev' } }),
    ]).toEqual([
      [],
      [`${place}.approval.group] project shop has no group owners`],
      [`${place}.dependency.application] there is no Application shop/accounts`],
      ['Application shop/checkout [spec.pipeline] a wave of environment dev waits for this application itself'],
    ]);
  });

  it('refuses the same document twice', () => {
    expect(plan({ incoming: [...whole(), application()] }).problems).toEqual([
      'Application shop/checkout [metadata.name] Application shop/checkout is given twice; keep one of them',
    ]);
  });

  it('refuses templates that real names make too long, also when the name comes later', () => {
    const [long, longer] = ['a'.repeat(40), 'e'.repeat(30)];
    const named = application(long, { namespace: '${application.name}-${environment.name}' });
    const fits = [project, repository(), environment(), pipeline(), named];
    expect(plan({ current: [], incoming: fits }).problems).toEqual([]);
    const incoming = [environment(longer), pipeline(['dev', longer])];
    expect(plan({ current: owned(fits), incoming, complete: false }).problems).toEqual([
      expect.stringContaining(`Application shop/${long} [spec.namespace] becomes \`${long}-${longer}\` in environment`),
    ]);
    const path = Array.from({ length: 20 }, () => '${application.name}').join('/');
    const deep = application('d'.repeat(60), { source: { repository: 'code', path, also: [path] } });
    expect(plan({ incoming: [deep], complete: false }).problems.map((problem) => problem.split('] ')[0])).toEqual([
      `Application shop/${'d'.repeat(60)} [spec.source.path`,
      `Application shop/${'d'.repeat(60)} [spec.source.also.0`,
    ]);
  });
});
