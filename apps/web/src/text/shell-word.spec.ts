import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

const rows: readonly [text: string, word: string][] = [
  ['checkout.dev.dev-1', 'checkout.dev.dev-1'],
  ['', "''"],
  ['two words', "'two words'"],
  ['$(reboot)', "'$(reboot)'"],
  ['`reboot`; rm -rf ~', "'`reboot`; rm -rf ~'"],
  ["it's", String.raw`'it'\''s'`],
  ['a\nb', "'a\nb'"],
];

it.each(rows)('a shell reads %j whole', (text, word) => expect(shellWord(text)).toBe(word));
