import { expect, it } from 'vitest';
import { jsonText } from './json-text.ts';

it.each([
  ['nothing strange', 'Größe 😀 "\\n"', 'Größe 😀 "\\n"'],
  ['the character zero', 'a\0b', 'a\uFFFDb'],
  ['the first half of a character', 'a\uD83Db', 'a\uFFFDb'],
  ['the second half of a character', 'a\uDE00b', 'a\uFFFDb'],
  ['what only looks like an escape', String.raw`a\u0000\ud83d`, String.raw`a\u0000\ud83d`],
])('a text with %s is one that PostgreSQL takes', (_, said, stored) => {
  expect(JSON.parse(jsonText([{ said }]))).toEqual([{ said: stored }]);
});
