import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '@flotilla/model';
import { problemLine, type DocumentFile } from '@flotilla/workload-manifests';
import { applyDocuments, deleteDocument } from './apply-documents.ts';
import { shopDocuments } from './testing/documents.ts';
import { inMemorySourcesWorld } from './testing/in-memory-world.ts';

const by = systemActor('test');
const project = 'default';
let world: ReturnType<typeof inMemorySourcesWorld>;
beforeEach(() => {
  world = inMemorySourcesWorld();
});

const apply = (files: readonly DocumentFile[], dryRun = false) =>
  applyDocuments(world.documents, { project, files, by, dryRun });
const remove = (kind: 'Application' | 'Repository', name: string, dryRun = false) =>
  deleteDocument(world.documents, { key: { project, kind, name }, by, dryRun });
const names = async () => (await world.documents.all(project)).map(({ document }) => document.metadata.name);

describe('applying documents', () => {
  it('writes all of them and says what it did', async () => {
    const { plan, problems } = await apply([shopDocuments()]);
    expect([plan.changes.map(({ action, key }) => `${action} ${key.name}`), problems, await names()]).toEqual([
      ['create shop', 'create dev', 'create standard', 'create checkout'],
      [],
      ['shop', 'dev', 'standard', 'checkout'],
    ]);
  });

  it('says the same beforehand, and changes nothing then', async () => {
    const dry = await apply([shopDocuments()], true);
    expect([await names(), await world.marks()]).toEqual([[], []]);
    expect(dry).toEqual(await apply([shopDocuments()]));
  });

  it('refuses a health rule that cannot be read, at its place', async () => {
    const file = shopDocuments();
    const text = `${file.text.trimEnd()}\n  health:\n    - {apiVersion: example.org/v1, kind: Thing, current: 'status.phase =='}\n`;
    const { problems } = await apply([{ ...file, text }]);
    expect([problems.map(problemLine), await names()]).toEqual([
      [expect.stringMatching(/^shop\.yaml:26:49: spec\.health\[0\]\.current: failed to read the CEL expression/)],
      [],
    ]);
  });

  it('writes none when anything is wrong with one, and names everything that is', async () => {
    const wrong = (file: string, text: string): DocumentFile => ({ file, text });
    const { problems } = await apply([
      shopDocuments(),
      wrong('a.yaml', 'kind: Environment\n'),
      wrong('b.yaml', shopDocuments({ applications: ['catalog'] }).text.replace('pipeline: standard', 'pipeline: no')),
    ]);
    const files = problems.map((problem) => problemLine(problem).split(':')[0]);
    expect([new Set(files), await names(), await world.marks()]).toEqual([new Set(['a.yaml', 'b.yaml']), [], []]);
  });

  it('deletes nothing that is not named', async () => {
    await apply([shopDocuments({ applications: ['checkout', 'catalog'] })]);
    await apply([shopDocuments({ applications: ['checkout'] })]);
    expect(await names()).toContain('catalog');
  });
});

describe('deleting a document', () => {
  beforeEach(() => apply([shopDocuments()]));

  it('takes it away, after saying so beforehand', async () => {
    const dry = await remove('Application', 'checkout', true);
    expect(await names()).toContain('checkout');
    expect(await remove('Application', 'checkout')).toEqual(dry);
    expect(await names()).toEqual(['shop', 'dev', 'standard']);
  });

  it('is refused while somebody uses it', async () => {
    const { problems } = await remove('Repository', 'shop');
    expect([problems.map(({ message }) => message), await names()]).toEqual([
      [
        'Repository default/shop is still used by Pipeline default/standard',
        'Repository default/shop is still used by Application default/checkout',
      ],
      ['shop', 'dev', 'standard', 'checkout'],
    ]);
  });
});
