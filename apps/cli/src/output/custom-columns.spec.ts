import { describe, expect, it } from 'vitest';
import { customCells, readCustomColumns } from './custom-columns.ts';

const item = { metadata: { name: 'checkout' }, tags: ['a', 'b'], ports: [{ name: 'http', port: 80 }] };

function cells(text: string): string[] {
  return customCells(readCustomColumns(text), item).map((cell) => cell.text);
}

describe('custom columns', () => {
  it.each([
    ['NAME:.metadata.name', ['checkout']],
    ['NAME:metadata.name,TAGS:.tags[*]', ['checkout', 'a,b']],
    ['GONE:.status.sync', ['<none>']],
    ["BOTH:.tags[0,1],PORT:.ports[?(@.name=='http')].port", ['a,b', '80']],
  ])('%s', (text, expected) => expect(cells(text)).toEqual(expected));

  it.each(['NAME', ':.metadata', 'NAME:', 'NAME:.a,'])('refuses %s and shows what one looks like', (text) => {
    expect(() => readCustomColumns(text)).toThrow(/is not a column; custom-columns looks like NAME:\.metadata\.name/);
  });
});
