import { systemClock } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { KnownDirectories } from '../objects/known-directories.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { InMemoryGitRemote } from '../testing/in-memory-git-remote.ts';
import { InMemoryGitRepository } from '../testing/in-memory-git-repository.ts';
import { readPulled } from './read-pulled.ts';

describe('the files of a path', () => {
  it('are read although the store is too small for any of them', async () => {
    const repository = new InMemoryGitRepository();
    const names = Array.from({ length: 300 }, (_, index) => `apps/${index % 7}/${index}.yaml`);
    const commit = repository.commit(Object.fromEntries(names.map((name) => [name, name])));
    const remote = new InMemoryGitRemote({ repository, store: new InMemoryObjectStore({ bytesMax: 0 }) });
    const { trees } = await remote.pull({ commit, paths: ['apps'], files: true });
    const files = await remote.files(trees.get('apps')!);
    expect(new Set(files.map(({ path, content }) => `apps/${path}` === Buffer.from(content).toString()))).toEqual(
      new Set([true]),
    );
    expect(files).toHaveLength(300);
  });

  it('are missing when the host lost them too, and it is not asked for ever', async () => {
    let requests = 0;
    const source = {
      fetch: async () => {
        requests++;
        return [];
      },
    };
    const store = new InMemoryObjectStore({ bytesMax: 0 });
    const directories = new KnownDirectories();
    const ports = { source, store, limits: gitLimits, clock: systemClock, directories };
    expect((await faultOf(readPulled(ports, '1'.repeat(40)))).reason).toBe('GitObjectMissing');
    expect(requests).toBe(3);
  });
});
