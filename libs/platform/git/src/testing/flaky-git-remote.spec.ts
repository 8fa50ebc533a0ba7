import { describe, expect, it } from 'vitest';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { faultOf } from './fault-reason.ts';
import { FlakyGitRemote } from './flaky-git-remote.ts';
import { InMemoryGitRemote } from './in-memory-git-remote.ts';
import { InMemoryGitRepository } from './in-memory-git-repository.ts';

describe('a flaky remote', () => {
  it.each([
    ['times-out', { reason: 'GitTimeout', follows: 'retry' }],
    ['truncates', { reason: 'GitPackTruncated', follows: 'retry' }],
    ['fails', { reason: 'GitHostFailed', follows: 'retry' }],
    ['refuses-credentials', { reason: 'GitCredentialsRefused', follows: 'stall' }],
    ['is-gone', { reason: 'GitRepositoryNotFound', follows: 'stall' }],
  ] as const)('%s as often as it was told, and works again', async (trouble, fault) => {
    const repository = new InMemoryGitRepository();
    const commit = repository.commit({ 'a.yaml': 'a' });
    const store = new InMemoryObjectStore({ bytesMax: 10_000 });
    const remote = new FlakyGitRemote(new InMemoryGitRemote({ repository, store }));
    remote.fail(trouble, 2);
    const pull = () => remote.pull({ commit, paths: [''], files: true });
    expect([await faultOf(pull()), await faultOf(remote.listRefs({}))]).toEqual([fault, fault]);
    const { trees } = await pull();
    remote.fail(trouble);
    expect([await faultOf(pull()), (await remote.files(trees.get('')!)).length]).toEqual([fault, 1]);
    remote.recover();
    expect((await remote.listRefs({ names: ['refs/heads/main'] })).map((ref) => ref.commit)).toEqual([commit]);
  });
});
