import { describe, expect, it } from 'vitest';
import { ObjectStore, Revisions } from './object-store.ts';

const object = (name: string, value = 0) => ({ metadata: { name }, value });
const names = (entries: readonly (readonly [string, unknown])[] | undefined) => entries?.map(([key]) => key);

const open = (historyMax = 100) => new ObjectStore({ revisions: new Revisions(), historyMax });

describe('a store', () => {
  it('gives each write a revision and tells listeners of it', () => {
    const store = open();
    const heard: string[] = [];
    const stop = store.listen(({ type, key, revision }) => heard.push(`${type} ${key} ${revision}`));
    store.put('a/x', object('x'));
    store.put('a/x', object('x', 1));
    store.remove('a/x');
    stop();
    store.put('a/y', object('y'));
    expect(heard).toEqual(['ADDED a/x 2', 'MODIFIED a/x 3', 'DELETED a/x 4']);
  });

  it('knows how it was at an older revision', () => {
    const store = open();
    store.put('b', object('b'));
    store.put('a', object('a'));
    store.put('b', object('b', 1));
    store.remove('a');
    expect(store.entriesAt(3)).toEqual([
      ['a', { metadata: { name: 'a', resourceVersion: '3' }, value: 0 }],
      ['b', { metadata: { name: 'b', resourceVersion: '2' }, value: 0 }],
    ]);
    expect(names(store.entriesAt(5))).toEqual(['b']);
  });

  it('forgets the oldest changes, and says that it did', () => {
    const store = open(4);
    for (let value = 0; value < 20; value++) store.put('a', object('a', value));
    expect(store.changesAfter(3)).toBeUndefined();
    expect(store.entriesAt(3)).toBeUndefined();
    expect(store.changesAfter(19)?.map(({ revision }) => revision)).toEqual([20, 21]);
    store.compact();
    expect(store.changesAfter(20)).toBeUndefined();
    expect(store.changesAfter(21)).toEqual([]);
  });
});
