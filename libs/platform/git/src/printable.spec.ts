import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('a text from outside, as it may stand in a message', () => {
  it.each([
    ['apps/größe-日本.yaml', 'apps/größe-日本.yaml'],
    ['a\nb', 'a\\u{a}b'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['gpj.\u202eexe', 'gpj.\\u{202e}exe'],
    ['"quoted\\"', '\\u{22}quoted\\u{5c}\\u{22}'],
    ['a'.repeat(300), `${'a'.repeat(199)}…`],
    ['\n'.repeat(100_000), `${'\\u{a}'.repeat(40).slice(0, 199)}…`],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});
