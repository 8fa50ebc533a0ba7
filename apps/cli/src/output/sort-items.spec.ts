import { describe, expect, it } from 'vitest';
import { sortItems } from './sort-items.ts';

const items = [{ name: 'b', size: 10 }, { name: 'c' }, { name: 'a', size: 9 }];

describe('--sort-by', () => {
  it.each([
    ['.name', ['a', 'b', 'c']],
    ['{.name}', ['a', 'b', 'c']],
    ['.size', ['c', 'a', 'b']],
    ['.missing', ['b', 'c', 'a']],
  ])('%s', (path, names) => expect(sortItems(items, path).map(({ name }) => name)).toEqual(names));

  it('refuses what is no path', () => expect(() => sortItems(items, '.name[')).toThrow(/^the path `\.name\[`/));
});
