import { describe, expect, it } from 'vitest';
import { JsonPathTemplate } from './template.ts';

const list = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'example.org/team': 'red' } },
      spec: { replicas: 1, ready: true },
      tags: [1, 2, 3],
    },
    { metadata: { name: 'b' }, spec: { replicas: 3, ready: false, nothing: null } },
  ],
};

function filled(text: string): string {
  const template = new JsonPathTemplate(text);
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- this fills a template, not an array
  return template.fill(list);
}

describe("kubectl's JSON path", () => {
  it.each([
    ['{.kind}', 'List'],
    ['.kind', 'List'],
    ['kind', 'List'],
    ['{$.kind}', 'List'],
    ['{.items[*].metadata.name}', 'a b'],
    ['{.items[0].metadata.name}', 'a'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[0,1].metadata.name}', 'a b'],
    ['{.items[0].tags[0:2]}', '1 2'],
    ['{.items[0].tags[::2]}', '1 3'],
    ['{..name}', 'a b'],
    ["{.items[?(@.metadata.name=='b')].spec.replicas}", '3'],
    ['{.items[?(@.spec.replicas>1)].metadata.name}', 'b'],
    ['{.items[?(@.spec.ready==true)].metadata.name}', 'a'],
    ['{.items[?(@.metadata.labels)].metadata.name}', 'a'],
    ["{.items[0].metadata.labels['example.org/team']}", 'red'],
    ['{.items[0].metadata.labels.example\\.org/team}', 'red'],
    ['{.items[0].spec}', '{"replicas":1,"ready":true}'],
    ["{.items[0].spec['replicas','ready']}", '1 true'],
    ['{.items[1].spec.nothing}', ''],
    ['{.missing.path}', ''],
    ['name: {.items[0].metadata.name}!', 'name: a!'],
    ['{range .items[*]}{.metadata.name}={.spec.replicas}{"\\n"}{end}', 'a=1\nb=3\n'],
    ['{range .items[*]}{$.kind}/{@.metadata.name} {end}', 'List/a List/b '],
  ])('%s gives %j', (text, expected) => {
    expect(filled(text)).toBe(expected);
  });

  it('sees only what is the value’s own', () => {
    expect(filled('{.constructor}{.items.length}{.items[0].__proto__}')).toBe('');
  });

  it.each([
    ['{.items[}', /^the path `\{\.items\[\}`: expected an index, a slice, \*, \?\(…\) or 'name' at `\}`, character 9$/],
    ['{.items', /expected `}` at its end, character 8$/],
    ['{range .items[*]}{.a}', /expected \{end\} at its end/],
    ['{end}', /there is no \{range\} to end/],
    ['{.items[?(@.a ~ 1)]}', /expected `\)`/],
    ['{.items[::0]}', /a slice must move on/],
  ])('%s is refused with its place', (text, message) => {
    expect(() => new JsonPathTemplate(text)).toThrow(message);
  });
});
