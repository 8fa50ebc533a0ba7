import { expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import { gitObject, type GitObject } from './git-object.ts';
import { KnownDirectories } from './known-directories.ts';

const oid = 'ab'.repeat(20);

/** Counts how often its content is read. */
function directory(...names: readonly string[]): GitObject & { readonly reads: () => number } {
  const lines = names.map((name) => Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(oid, 'hex')]));
  const object = gitObject('tree', Buffer.concat(lines));
  let reads = 0;
  return {
    ...object,
    get content() {
      reads++;
      return object.content;
    },
    reads: () => reads,
  };
}

it('reads a directory once, however often it is asked for, and tells two entries of one name', () => {
  const directories = new KnownDirectories();
  const tree = directory('a', 'b', 'b');
  const [first, second] = [1, 2].map(() => directories.read(tree, 'apps', gitLimits));
  const entry = (name: string) => ({ mode: '40000', name, oid });
  expect([Object.fromEntries(first!), second === first, tree.reads()]).toEqual([
    { a: [entry('a')], b: [entry('b'), entry('b')] },
    true,
    1,
  ]);
});

it('forgets what was read longest ago; what is larger than all that it may keep pushes nobody out', () => {
  const directories = new KnownDirectories();
  const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const [huge, large, other] = [directory(...names(9_000, 'h')), directory(...names(6_000, 'l')), directory('o')];
  const more = directory(...names(3_000, 'm'));
  for (const tree of [large, huge, large, other, large, more, other, large]) directories.read(tree, '', gitLimits);
  expect([huge, large, other, more].map((tree) => tree.reads())).toEqual([1, 2, 2, 1]);
});

it('refuses what is no directory, also after it knows some', () => {
  const blob = gitObject('blob', Buffer.from('x'));
  expect(() => new KnownDirectories().read(blob, 'apps', gitLimits)).toThrow('"apps" is a blob where a tree should be');
});
