import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse-yaml.ts';
import { positionOf } from './position-of.ts';

const read = (text: string) => parseYaml(text, { file: 'shop.yaml' });

describe('a file of YAML', () => {
  it('holds documents, each with the line it begins on', () => {
    const { documents, problems } = read('# shop\n---\na: 1\n---\n# nothing here\n---\nb:\n  - c\n');
    expect(documents.map(({ line, value }) => ({ line, value }))).toEqual([
      { line: 3, value: { a: 1 } },
      { line: 7, value: { b: ['c'] } },
    ]);
    expect(problems).toEqual([]);
  });

  it('reports every broken document, and reads the others', () => {
    const { documents, problems } = read('a: 1\na: 2\nb: 2\nb: 3\n---\nok: true\n---\nx: [1\n');
    expect(documents.map(({ value }) => value)).toEqual([{ ok: true }]);
    expect(problems).toEqual([
      { file: 'shop.yaml', line: 2, column: 1, message: 'the key `a` is written twice; keep one of them' },
      { file: 'shop.yaml', line: 4, column: 1, message: 'the key `b` is written twice; keep one of them' },
      { file: 'shop.yaml', line: 9, column: 1, message: expect.stringContaining('must be sufficiently indented') },
    ]);
  });

  it('tells where a field stands, or the nearest part that is written', () => {
    const [document] = read('---\nspec:\n  containers:\n    - name: a\n    - name: b\n      image: c\n').documents;
    const at = (...path: (string | number)[]) => positionOf(document!, path);
    expect(at('spec')).toEqual({ line: 2, column: 1 });
    expect(at('spec', 'containers', 1)).toEqual({ line: 5, column: 7 });
    expect(at('spec', 'containers', 1, 'image')).toEqual({ line: 6, column: 7 });
    expect(at('spec', 'containers', 1, 'ports', 0)).toEqual({ line: 5, column: 7 });
  });

  it('never repeats a value in a message: it may be a secret', () => {
    const secrets = ['"hunter2secret" hunter2secret', '!hunter2secret x', '*hunter2secret', '"\\hunter2secret"'];
    const numbers = ['12345678901234567890', '[hunter2secret', '|hunter2secret', "'hunter2secret' x", '@hunter2secret'];
    for (const value of [...secrets, ...numbers]) {
      const { problems } = read(`kind: Secret\nstringData:\n  password: ${value}\n`);
      expect(problems).not.toEqual([]);
      expect(JSON.stringify(problems)).not.toMatch(/hunter|1234/);
    }
  });
});

const line = (length: number, piece: string) => piece.repeat(length);

/** Each level names the one before nine times. */
const aliases = Array.from({ length: 8 }, (_, level) => `a${level + 1}: &a${level + 1} [${line(9, `*a${level}, `)}]`);
const mergedKeys = Array.from({ length: 300 }, (_, at) => `k${at}: v`).join(', ');

describe('AT-20: text bombs', () => {
  it.each([
    ['an alias bomb', `a0: &a0 [x, x, x]\n${aliases.join('\n')}\n`, 'far too large'],
    ['a merge bomb', `b: &b {${mergedKeys}}\nx:\n  <<: [${line(9_000, '*b, ')}]\n`, 'far too large'],
    ['10 KB of brackets', line(10_240, '['), 'nested deeper'],
    ['4 MB of brackets', line(4_000_000, '['), 'not plain YAML'],
    ['deep mappings', line(3_000, '{a: '), 'nested deeper'],
    ['JSON without a floor', line(200_000, '{"a":'), 'not plain YAML'],
    ['JSON lists without a floor', `{"a":${line(200_000, '[')}${line(200_000, ']')}}`, 'not plain YAML'],
    ['a line of dashes', line(5_000, '- '), 'nested deeper'],
    ['300 levels', Array.from({ length: 300 }, (_, depth) => `${line(depth, ' ')}a:`).join('\n'), 'nested deeper'],
    ['a million documents', line(1_000_000, '---\na: 1\n'), 'more than 10000 documents'],
    ['100 MB in one scalar', `a: ${line(100_000_000, 'x')}`, 'larger than 16 MiB'],
    ['much that is not plain', line(200_000, 'a:\t1\n'), 'not plain YAML from here on'],
    ['UTF-16 read as text', '\ufffea\0:\0 1\0', 'control character'],
    ['a key that JavaScript knows', 'a: 1\n__proto__: {polluted: true}\n', 'the key `__proto__` is not taken'],
  ])('refuses %s', (_, text, message) => {
    const { problems } = read(text);
    expect(problems).toMatchObject([{ file: 'shop.yaml', message: expect.stringContaining(message) }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes keys that are only odd', () => {
    const { documents } = read('constructor: {prototype: {a: 1}}\ntoString: x\n');
    expect(documents[0]?.value).toEqual({ constructor: { prototype: { a: 1 } }, toString: 'x' });
  });

  it('takes a million empty documents for what they are', () => {
    expect(read('---\n'.repeat(1_000_000))).toEqual({ documents: [], problems: [] });
  });
});
