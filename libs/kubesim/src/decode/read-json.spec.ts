import { describe, expect, it } from 'vitest';
import { duplicateKeys, readJson } from './read-json.ts';

describe('duplicate keys', () => {
  it.each([
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"spec":{"replicas":1,"x":{"y":":\\"{"},"replicas":2}}', ['spec.replicas']],
    ['{"list":[{"a":1},{"a":1 , "a" :2}],"list":[]}', ['list[1].a', 'list']],
    ['["a","a",{"a":["a"]}]', []],
    ['{"a":"\\\\","a":1}', ['a']],
  ])('%s', (text, expected) => {
    expect(duplicateKeys(text)).toEqual(expected);
  });
});

describe('JSON that cannot be read', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{x', "invalid character 'x' looking for beginning of object key string"],
    ['xx', "invalid character 'x' looking for beginning of value"],
    ['{"a":', 'unexpected end of JSON input'],
  ])('%j', (text, problem) => {
    expect(readJson(text)).toEqual({ ok: false, problem });
  });
});
