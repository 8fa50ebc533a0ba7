import { describe, expect, it } from 'vitest';
import { parseCommit } from '../objects/parse-commit.ts';
import { commitObject } from './commit-object.ts';

const at = 1_700_000_000_000;
const flotilla = { name: 'Flotilla', email: 'flotilla@flotilla.invalid', at };
const tree = 'a'.repeat(40);
const parent = 'b'.repeat(40);

describe('a commit that is written here', () => {
  it('has the id that git gives it', () => {
    const commit = commitObject({ tree, parents: [parent], author: flotilla, committer: flotilla, message: 'größe' });
    expect(Buffer.from(commit.content).toString('utf8')).toBe(
      [
        `tree ${tree}`,
        `parent ${parent}`,
        'author Flotilla <flotilla@flotilla.invalid> 1700000000 +0000',
        'committer Flotilla <flotilla@flotilla.invalid> 1700000000 +0000',
        '',
        'größe',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['a line of its own', `Eve\nparent ${'e'.repeat(40)}`, `Eve parent ${'e'.repeat(40)}`],
    ['an address', 'Eve <eve@example.org> 0 +0000', 'Eve  eve@example.org  0 +0000'],
    ['no name', ' \u0000', 'unknown'],
    ['half a character', 'Eve\ud800', 'Eve\ufffd'],
  ])('names who wrote it, and nobody writes headers by being called %s', (_what, name, read) => {
    const author = { name, email: 'eve@example.org', at };
    const { oid, content } = commitObject({ tree, parents: [parent], author, committer: flotilla, message: 'm' });
    const commit = parseCommit(oid, content);
    expect([commit.parents, commit.author.name, commit.committer.name]).toEqual([[parent], read, 'Flotilla']);
  });
});
