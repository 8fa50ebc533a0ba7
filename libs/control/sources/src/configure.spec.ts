import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '@flotilla/model';
import { InMemoryObjectStore } from '@flotilla/platform-git';
import { FlakyGitRemote, InMemoryGitRemote, InMemoryGitRepository } from '@flotilla/platform-git/testing';
import { applyDocuments } from './apply-documents.ts';
import { configure } from './configure.ts';
import { shopDocuments } from './testing/documents.ts';
import { inMemorySourcesWorld } from './testing/in-memory-world.ts';

const project = 'default';
const by = systemActor('test');
let world: ReturnType<typeof inMemorySourcesWorld>;
let repository: InMemoryGitRepository;
let host: FlakyGitRemote;

/** A repository `fleet` whose folder `config` holds documents. */
const fleet = (path = 'config') => ({
  file: 'fleet.yaml',
  text: `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Repository
metadata: {name: fleet}
spec: {url: "https://git.example.org/fleet.git", configuration: {branch: main, path: ${path}}}
`,
});

beforeEach(async () => {
  world = inMemorySourcesWorld();
  repository = new InMemoryGitRepository();
  host = new FlakyGitRemote(
    new InMemoryGitRemote({ repository, store: new InMemoryObjectStore({ bytesMax: 1_000_000 }) }),
  );
  await applyDocuments(world.documents, { project, files: [fleet()], by, dryRun: false });
});

async function look(): Promise<void> {
  const watched = (await world.revisions.watched(await world.uidOf('Repository', 'fleet')))!;
  const refs = await host.listRefs({ names: ['refs/heads/main'] });
  const commits = new Map(refs.map(({ name, commit }) => [name, commit]));
  await configure(world, { watched, remote: host, commits, signal: new AbortController().signal });
}

const names = async () => {
  const documents = await world.documents.all(project);
  return documents.map(({ document, owner }) => `${document.metadata.name} of ${owner}`);
};
const untouched = ['fleet of apply'];
const configured = ['shop', 'dev', 'standard', 'checkout'].map((name) => `${name} of default/fleet:config`);
const shop = shopDocuments();

describe('a configuration path', () => {
  it('lets its documents take effect, all of them, as its own', async () => {
    repository.commit({ 'config/a/shop.yaml': shop.text, 'config/README.md': 'words' });
    await look();
    expect(await names()).toEqual([...untouched, ...configured]);
  });

  it('deletes what it no longer holds, and nothing that others own', async () => {
    repository.commit({ 'config/shop.yaml': shopDocuments({ applications: ['checkout', 'catalog'] }).text });
    await look();
    repository.commit({ 'config/shop.yaml': shop.text });
    await look();
    expect(await names()).toEqual([...untouched, ...configured]);
  });

  it('is read once for each commit', async () => {
    repository.commit({ 'config/shop.yaml': shop.text });
    await look();
    const refs = repository.refs();
    host.listRefs = async () => refs;
    host.fail('fails');
    await expect(look()).resolves.toBeUndefined();
  });

  it('that moves takes along what it configured', async () => {
    repository.commit({ 'config/shop.yaml': shop.text, 'other/shop.yaml': shopDocuments({ applications: [] }).text });
    await look();
    await applyDocuments(world.documents, { project, files: [fleet('other')], by, dryRun: false });
    await look();
    expect(await names()).toEqual([...untouched, ...configured.slice(0, 3)]);
  });

  it.each([
    ['is missing', { 'elsewhere/shop.yaml': shop.text }, /there are no YAML files there/],
    ['holds no YAML', { 'config/README.md': 'words' }, /there are no YAML files there/],
    ['holds empty files only', { 'config/shop.yaml': '# nothing\n' }, /there are no documents in its files/],
    [
      'holds one wrong document among good ones',
      { 'config/shop.yaml': shop.text, 'config/bad.yaml': shop.text.replace('kind: Repository', 'kind: Repo') },
      /nothing was changed by config of repository fleet at [0-9a-f]{8}: config\/bad\.yaml:2:\d+: /,
    ],
    [
      'holds what somebody else owns',
      { 'config/fleet.yaml': fleet('elsewhere').text },
      /config\/fleet\.yaml:1:1: Repository default\/fleet is owned by apply/,
    ],
  ])('that %s changes nothing at all, and is looked at again', async (_what, files, message) => {
    repository.commit({ 'config/shop.yaml': shop.text });
    await look();
    const before = await names();
    repository.commit({ 'config/shop.yaml': undefined, ...files });
    await expect(look()).rejects.toMatchObject({
      reason: 'ConfigurationInvalid',
      message: expect.stringMatching(message),
      consequence: { kind: 'retry' },
    });
    expect(await names()).toEqual(before);
  });

  it('AT-05: whose branch vanished, or whose host fails, leaves everything as it is', async () => {
    repository.commit({ 'config/shop.yaml': shop.text });
    await look();
    repository.deleteBranch('main');
    await expect(look()).rejects.toMatchObject({ reason: 'RefMissing' });
    repository.commit({ 'config/shop.yaml': shopDocuments({ applications: [] }).text });
    const refs = repository.refs();
    host.listRefs = async () => refs;
    host.fail('truncates');
    await expect(look()).rejects.toMatchObject({ reason: 'GitPackTruncated' });
    expect(await names()).toEqual([...untouched, ...configured]);
  });
});
