import { describe, expect, it } from 'vitest';
import { applyOwner, type OwnedDocument } from '@flotilla/model';
import { problemLine, readDocuments } from '@flotilla/workload-manifests';
import { planReading } from './read-plan.ts';
import { shopDocuments } from './testing/documents.ts';

const shop = shopDocuments();
const stored = (owner: string): OwnedDocument[] =>
  readDocuments([shop]).documents.map(({ document }) => ({ document, owner }));

const read = (
  text: string,
  current: readonly OwnedDocument[] = [],
  over: { complete?: boolean; project?: string } = {},
) =>
  planReading({
    reading: readDocuments([{ file: 'shop.yaml', text }]),
    current,
    project: 'default',
    owner: applyOwner,
    complete: false,
    ...over,
  });
const lines = (...args: Parameters<typeof read>) => read(...args).problems.map(problemLine);

describe('reading a plan', () => {
  it('says what would change, makers before users', () => {
    const text = shop.text.replace('namespace: checkout', 'namespace: elsewhere');
    const { plan, problems } = read(text, stored(applyOwner));
    expect([plan.changes.map(({ action, key }) => `${action} ${key.kind}`), problems]).toEqual([
      ['unchanged Repository', 'unchanged Environment', 'unchanged Pipeline', 'update Application'],
      [],
    ]);
  });

  it.each([
    [
      'a field that is not one',
      'pipeline: standard',
      'pipelin: standard',
      [
        'shop.yaml:21:1: spec.pipeline: is missing',
        'shop.yaml:22:3: spec.pipelin: is not a field; did you mean `pipeline`?',
      ],
    ],
    [
      'a name that names nothing',
      'pipeline: standard',
      'pipeline: standrd',
      ['shop.yaml:22:3: spec.pipeline: there is no Pipeline default/standrd'],
    ],
    [
      'a selector that selects nothing',
      '{matchLabels: {dev: "true"}}',
      '{}',
      [expect.stringMatching(/^shop\.yaml:9:\d+: spec\.clusters: must name at least one label/)],
    ],
    [
      'a URL that carries a password',
      'https://git',
      'https://ann:secret@git',
      [expect.stringMatching(/^shop\.yaml:4:\d+: spec\.url: must not carry a user or a password/)],
    ],
    [
      'a template with a name that is not defined',
      '${environment.name}',
      '${environment.nam}',
      [
        expect.stringMatching(
          /^shop\.yaml:23:\d+: spec\.source\.path: \$\{environment\.nam\} is not defined in .+; defined are: application\.name, environment\.name, project\.name/,
        ),
      ],
    ],
  ])('%s is one error at its place, with the way out', (_what, before, after, expected) => {
    expect(shop.text).toContain(before);
    expect(lines(shop.text.replace(before, after))).toEqual(expected);
  });

  it('a document of another project is refused where it names it', () => {
    const text = shop.text.replace('metadata: {name: checkout}', 'metadata: {name: checkout, project: other}');
    expect(lines(text)[0]).toMatch(
      /^shop\.yaml:20:\d+: metadata\.project: must be default: documents are taken in one project at a time/,
    );
  });

  it('a document that another owner keeps names the owner', () => {
    const text = shop.text.replace('namespace: checkout', 'namespace: elsewhere');
    expect(lines(text, stored('default/fleet:config'))).toEqual([
      expect.stringMatching(
        /^shop\.yaml:\d+:\d+: Application default\/checkout is owned by the configuration path default\/fleet:config; change it there$/,
      ),
    ]);
  });

  it('what is given twice is pointed at where it is given the second time', () => {
    const [, environment] = shop.text.split('---\n');
    expect(lines(`${shop.text}---\n${environment}`)).toEqual([
      expect.stringMatching(
        /^shop\.yaml:28:\d+: metadata\.name: Environment default\/dev is given twice; keep one of them$/,
      ),
    ]);
  });

  it('deletes what is missing only where the whole is given', () => {
    const [repository] = shop.text.split('---\n');
    const actions = (complete: boolean) =>
      read(repository!, stored(applyOwner), { complete }).plan.changes.map(
        ({ action, key }) => `${action} ${key.kind}`,
      );
    expect([actions(false), actions(true)]).toEqual([
      ['unchanged Repository'],
      ['unchanged Repository', 'delete Application', 'delete Pipeline', 'delete Environment'],
    ]);
  });
});
