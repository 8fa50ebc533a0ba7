import { describe, expect, it } from 'vitest';
import { problemLine } from '../yaml/source-problem.ts';
import { readDocuments } from './read-documents.ts';

const head = 'apiVersion: fleet.flotilla.dev/v1alpha1\n';
const environment = `${head}kind: Environment
metadata: {name: production, project: shop}
spec:
  clusters: {matchLabels: {stage: production}}
`;
const application = `${head}kind: Application
metadata:
  name: checkout
  project: shop
spec:
  pipeline: standard
  source: {repository: shop, path: "services/checkout/\${environment.name}"}
  namespace: checkout
`;

const problemsIn = (text: string) => readDocuments([{ file: 'shop.yaml', text }]).problems;

describe('reading documents', () => {
  it('fills in what they leave out, and knows where they stand', () => {
    const { documents, problems } = readDocuments([{ file: 'shop.yaml', text: `${environment}---\n${application}` }]);
    expect(problems).toEqual([]);
    expect(documents.map(({ document, file, source }) => [document.kind, file, source.line])).toEqual([
      ['Environment', 'shop.yaml', 1],
      ['Application', 'shop.yaml', 7],
    ]);
    expect(documents[1]?.document.spec).toMatchObject({ sync: { prune: true, drift: 'correct', onRemove: 'orphan' } });
  });

  it('reports every problem of every file, each at its place', () => {
    const broken = application
      .replace('pipeline: standard', 'pipline: standard')
      .replace('namespace: checkout', 'namespace: 12\n  sync: {drift: corect, prune: "yes"}');
    const { documents, problems } = readDocuments([
      { file: 'a.yaml', text: broken },
      { file: 'b.yaml', text: 'a: [\n' },
      { file: 'c.yaml', text: environment },
    ]);
    const document = 'Application shop/checkout';
    expect(documents.map(({ file }) => file)).toEqual(['c.yaml']);
    expect(problems).toEqual([
      { file: 'a.yaml', line: 6, column: 1, message: 'is missing', path: 'spec.pipeline', document },
      {
        file: 'a.yaml',
        line: 9,
        column: 3,
        message: 'must be text, not a number; put quotes around it',
        path: 'spec.namespace',
        document,
      },
      {
        file: 'a.yaml',
        line: 10,
        column: 25,
        message: 'must be true or false, not text',
        path: 'spec.sync.prune',
        document,
      },
      {
        file: 'a.yaml',
        line: 10,
        column: 10,
        message: 'must be one of off, report, correct; did you mean correct?',
        path: 'spec.sync.drift',
        document,
      },
      {
        file: 'a.yaml',
        line: 7,
        column: 3,
        message: 'is not a field; did you mean `pipeline`?',
        path: 'spec.pipline',
        document,
      },
      { file: 'b.yaml', line: 2, column: 1, message: expect.stringContaining('Flow sequence') },
    ]);
  });

  it.each<[what: string, text: string, line: number, path: string | undefined, message: string | RegExp]>([
    ['an unknown kind', `${head}kind: Enviroment\n`, 2, 'kind', 'is not known; did you mean Environment?'],
    ['no kind', `${head}metadata: {name: a}\n`, 1, 'kind', /^is missing; it is one of Project, Repository/],
    ['a manifest', 'apiVersion: apps/v1\nkind: Deployment\n', 1, 'apiVersion', /^must be fleet.flotilla.dev/],
    ['an old version', environment.replace('v1alpha1', 'v1'), 1, 'apiVersion', /^must be fleet.flotilla.dev/],
    ['a list', '- a\n', 1, undefined, 'a document begins with apiVersion and kind'],
    ['an empty field', environment.replace('{matchLabels: {stage: production}}', ''), 5, 'spec.clusters', /not empty$/],
    [
      'an unknown label field',
      environment.replace('matchLabels', 'matchLabel'),
      5,
      'spec.clusters.matchLabel',
      /did you mean `matchLabels`/,
    ],
    [
      'a field like no other',
      application.replace('pipeline:', 'zzz:'),
      7,
      'spec.zzz',
      /^is not a field; the fields here are pipeline, source,/,
    ],
  ])('explains %s', (_, text, line, path, message) => {
    expect(problemsIn(text)).toContainEqual(
      expect.objectContaining({ line, ...(path && { path }), message: expect.stringMatching(message) }),
    );
  });

  const pipelineOf = (...stages: readonly string[]) =>
    `${head}kind: Pipeline\nmetadata: {name: a}\nspec:\n  stages:\n${stages.map((stage) => `    - ${stage}\n`).join('')}`;
  const dev = '{environment: dev, track: {repository: a, branch: main}}';

  it('says of a gate that is not there yet that it is not offered yet', () => {
    const text = pipelineOf(dev, '{environment: b, after: [dev], gates: [{metric: {}}]}');
    expect(problemsIn(text).map(({ path, line, message }) => [path, line, message])).toEqual([
      ['spec.stages[1].gates[0].metric', 7, 'is part of the design but not offered yet; remove it'],
    ]);
  });

  it('says at its line what no release could ever pass', () => {
    const text = pipelineOf(dev, '{environment: b, after: [c]}', '{environment: c, after: [b]}');
    expect(problemsIn(text).map(problemLine)).toEqual([
      'shop.yaml:7:24: spec.stages[1].after: b comes after itself; no release could ever enter',
      'shop.yaml:8:24: spec.stages[2].after: c comes after itself; no release could ever enter',
    ]);
  });

  it('puts a problem on one line', () => {
    const [problem] = problemsIn(application.replace('pipeline: standard', 'pipeline: 7'));
    expect(problemLine(problem!)).toBe(
      'shop.yaml:7:3: spec.pipeline: must be text, not a number; put quotes around it',
    );
    expect(problemLine({ file: '', document: 'Pipeline shop/a', message: 'is gone' })).toBe('Pipeline shop/a: is gone');
  });

  it.each(['"services/\\0"', '"services/\\ud800"', '"services/x", also: [a, "b\\0"]'])(
    'AT-20: refuses what no record can keep, and says where: %s',
    (path) => {
      const problems = problemsIn(application.replace('"services/checkout/${environment.name}"', path));
      expect(problems).toMatchObject([{ line: 8, message: 'holds a character that no record can keep' }]);
    },
  );

  it('takes a file of comments for a note, and an empty one for a mistake', () => {
    expect(problemsIn('# nothing yet\n')).toEqual([]);
    for (const text of ['', '\n', '---\n---\n']) {
      expect(problemsIn(text)).toEqual([{ file: 'shop.yaml', message: 'holds no document' }]);
    }
  });
});
