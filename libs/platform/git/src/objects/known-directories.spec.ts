import { expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import { gitObject, type GitObject } from './git-object.ts';
import { KnownDirectories } from './known-directories.ts';

const oid = 'ab'.repeat(20);

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Counts how often its content is read. */
function directory(...entries: readonly string[]): GitObject & { readonly reads: () => number } {
  const lines = entries.map((name) => Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(oid, 'hex')]));
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
  const tree = directory(...names(20, 'a'), 'b', 'b');
  const [first, second] = [1, 2].map(() => directories.read(tree, 'apps', gitLimits));
  const entry = (name: string) => ({ mode: '40000', name, oid });
  expect([first!.get('a7'), first!.get('b'), second === first, tree.reads()]).toEqual([
    [entry('a7')],
    [entry('b'), entry('b')],
    true,
    1,
  ]);
});

it('keeps nothing of a directory that is read as fast as it is found', () => {
  const directories = new KnownDirectories();
  const tree = directory('a', 'b');
  for (let time = 0; time < 3; time++) directories.read(tree, 'apps', gitLimits);
  expect(tree.reads()).toBe(3);
});

it('forgets what was read longest ago; what is larger than all that it may keep pushes nobody out', () => {
  const directories = new KnownDirectories();
  const [huge, large] = [directory(...names(5_000, 'h')), directory(...names(3_000, 'l'))];
  const [other, more] = [directory(...names(16, 'o')), directory(...names(2_000, 'm'))];
  for (const tree of [large, huge, large, other, large, more, other, large]) directories.read(tree, '', gitLimits);
  expect([huge, large, other, more].map((tree) => tree.reads())).toEqual([1, 2, 2, 1]);
});

it('refuses what is no directory, also after it knows some', () => {
  const blob = gitObject('blob', Buffer.from('x'));
  expect(() => new KnownDirectories().read(blob, 'apps', gitLimits)).toThrow('"apps" is a blob where a tree should be');
});
