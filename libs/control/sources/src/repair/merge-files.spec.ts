import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedFile } from '../git-writer.port.ts';
import { goodFiles, mergeFiles } from './merge-files.ts';

const file = (oid: string, mode = '100644'): ListedFile => ({ oid, mode });
const filesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, oid]) => [path, file(oid)]));

interface Row {
  readonly what: string;
  readonly good: Readonly<Record<string, string>>;
  readonly bad: Readonly<Record<string, string>>;
  readonly head: Readonly<Record<string, string>>;
  readonly merged: object;
}

const clean = (changes: Readonly<Record<string, string | undefined>>) => ({
  kind: 'clean',
  changes: new Map(Object.entries(changes).map(([path, oid]) => [path, oid === undefined ? undefined : file(oid)])),
});
const conflict = (...conflicts: string[]) => ({ kind: 'conflict', conflicts });

describe('taking a bad revision back', () => {
  it.each<Row>([
    {
      what: 'restores what it changed',
      good: { a: '1' },
      bad: { a: '2' },
      head: { a: '2' },
      merged: clean({ a: '1' }),
    },
    { what: 'removes what it added', good: {}, bad: { a: '2' }, head: { a: '2' }, merged: clean({ a: undefined }) },
    { what: 'brings back what it removed', good: { a: '1' }, bad: {}, head: {}, merged: clean({ a: '1' }) },
    { what: 'keeps what came after', good: {}, bad: {}, head: { b: '9' }, merged: clean({}) },
    {
      what: 'keeps a later change of another file',
      good: { a: '1', b: '1' },
      bad: { a: '2', b: '1' },
      head: { a: '2', b: '9' },
      merged: clean({ a: '1' }),
    },
    { what: 'has nothing to do twice', good: { a: '1' }, bad: { a: '2' }, head: { a: '1' }, merged: clean({}) },
    {
      what: 'names a file that changed again',
      good: { a: '1' },
      bad: { a: '2' },
      head: { a: '3' },
      merged: conflict('a'),
    },
    { what: 'names one that was removed later', good: { a: '1' }, bad: { a: '2' }, head: {}, merged: conflict('a') },
    {
      what: 'names one that it added and that grew',
      good: {},
      bad: { a: '2' },
      head: { a: '3' },
      merged: conflict('a'),
    },
    {
      what: 'names every one',
      good: { a: '1', b: '1', c: '1' },
      bad: { a: '2', b: '2', c: '2' },
      head: { a: '3', b: '2', c: '3' },
      merged: conflict('a', 'c'),
    },
    {
      what: 'names what would be file and directory at once',
      good: { a: '1' },
      bad: {},
      head: { 'a/later': '9' },
      merged: conflict('a/later'),
    },
    {
      what: 'makes a directory of a file again',
      good: { 'a/x': '1' },
      bad: { a: '2' },
      head: { a: '2' },
      merged: clean({ a: undefined, 'a/x': '1' }),
    },
  ])('$what', ({ good, bad, head, merged }) => {
    expect(mergeFiles({ good: filesOf(good), bad: filesOf(bad), head: filesOf(head) })).toEqual(merged);
  });

  it('sees that a file only became a program', () => {
    const [good, bad] = [new Map([['run', file('1')]]), new Map([['run', file('1', '100755')]])];
    expect(mergeFiles({ good, bad, head: bad })).toEqual({ kind: 'clean', changes: new Map([['run', file('1')]]) });
  });

  const files = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f'), fc.constantFrom('1', '2', '3'))
    .map((record) => filesOf(record));

  it('AT-38: never loses a later change, and never leaves a bad one, unless it says so', () => {
    fc.assert(
      fc.property(files, files, files, (good, bad, head) => {
        const merged = mergeFiles({ good, bad, head });
        if (merged.kind === 'conflict') return;
        const after = new Map([...head, ...merged.changes]);
        for (const path of new Set([...good.keys(), ...bad.keys(), ...head.keys()])) {
          const expected = bad.get(path)?.oid === head.get(path)?.oid ? good.get(path) : head.get(path);
          expect(after.get(path)).toEqual(expected);
        }
      }),
    );
  });

  it('gives exactly what was good where a person has to decide', () => {
    fc.assert(
      fc.property(files, files, (good, head) => {
        const after = [...new Map([...head, ...goodFiles({ head, good })])].filter(([, found]) => found !== undefined);
        expect(new Map(after)).toEqual(good);
      }),
    );
  });
});
