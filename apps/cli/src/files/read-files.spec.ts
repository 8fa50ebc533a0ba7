import { describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { readFiles } from './read-files.ts';

const tree = {
  'b.yaml': 'b',
  'a.yml': 'a',
  'c.json': '{}',
  'README.md': 'no',
  '.hidden.yaml': 'no',
  'deep/d.yaml': 'd',
  'deep/.git/e.yaml': 'no',
};

describe('what -f names', () => {
  it.each([
    ['a folder', ['.'], false, ['a.yml', 'b.yaml', 'c.json']],
    ['folders inside it as well', ['.'], true, ['a.yml', 'b.yaml', 'c.json', 'deep/d.yaml']],
    ['a file whatever its name', ['README.md'], false, ['README.md']],
    ['the same once', ['b.yaml', '.'], false, ['b.yaml', 'a.yml', 'c.json']],
  ])('%s', async (_, paths, recursive, names) => {
    await using folder = await tempFolder(tree);
    const given = paths.map((path) => folder.file(path));
    const files = await readFiles(new InMemoryWorld(), given, { recursive });
    expect(files.map(({ file }) => file)).toEqual(names.map((name) => folder.file(name)));
  });

  it('what is sent in, under a name for errors', async () => {
    const files = await readFiles(new InMemoryWorld({ stdin: 'kind: X' }), ['-'], { recursive: false });
    expect(files).toEqual([{ file: 'stdin', text: 'kind: X' }]);
  });

  it.each([
    ['nothing there', 'missing.yaml', /missing\.yaml: there is no such file or folder$/],
    ['a folder without manifests', 'empty', /empty: holds no \*\.yaml, \*\.yml or \*\.json; -R looks into its folders/],
    ['text that is none', 'binary.yaml', /binary\.yaml: is not UTF-8 text$/],
    ['more than anybody writes', 'large.yaml', /large\.yaml: is larger than 1 MiB; split it$/],
  ])('%s is refused with its place', async (_, path, message) => {
    await using folder = await tempFolder({
      'empty/notes.md': '',
      'binary.yaml': '',
      'large.yaml': '#'.repeat(1_048_577),
    });
    await folder.write('binary.yaml', Uint8Array.of(0xff, 0xfe));
    await expect(readFiles(new InMemoryWorld(), [folder.file(path)], { recursive: false })).rejects.toThrow(message);
  });

  it.each([
    ['-', /^-f - : nothing was sent in$/],
    ['https://example.org/a.yaml', /addresses are not read; fetch it first/],
  ])('%s is refused', async (path, message) => {
    await expect(readFiles(new InMemoryWorld(), [path], { recursive: false })).rejects.toThrow(message);
  });
});
