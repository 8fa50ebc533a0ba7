import { describe, expect, it } from 'vitest';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { gitRemoteCases, type GitRemoteWorld } from './git-remote-cases.ts';
import { gitWriterCases, type GitWriterWorld } from './git-writer-cases.ts';
import { InMemoryGitRemote } from './in-memory-git-remote.ts';
import { InMemoryGitRepository } from './in-memory-git-repository.ts';

describe.each([{ hasFilters: true }, { hasFilters: false }])('a remote in memory, %o', ({ hasFilters }) => {
  it.each(gitRemoteCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryWorld(hasFilters))).resolves.toBeUndefined();
  });
});

describe.each([{ hasFilters: true }, { hasFilters: false }])('writing to a remote in memory, %o', ({ hasFilters }) => {
  it.each(gitWriterCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryWorld(hasFilters))).resolves.toBeUndefined();
  });
});

function inMemoryWorld(hasFilters: boolean): GitRemoteWorld & GitWriterWorld {
  const repository = new InMemoryGitRepository();
  const store = new InMemoryObjectStore({ bytesMax: 4_000_000 });
  const remote = new InMemoryGitRemote({ repository, store, hasFilters });
  return {
    remote,
    writer: remote,
    protect: async (branch, why) => repository.protect(branch, why),
    store,
    commit: async (changes, options) => repository.commit(changes, options),
    tag: async (name, options) => repository.tag(name, options),
    rewind: async (branch, commit) => repository.rewind(branch, commit),
    deleteBranch: async (branch) => repository.deleteBranch(branch),
    write: async (type, content) => repository.write(type, content),
  };
}
