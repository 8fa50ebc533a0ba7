import { describe, expect, it } from 'vitest';
import { visible } from './visible.ts';

describe('AT-27 text that others wrote', () => {
  it.each([
    ['plain words, ümlauts, 漢字 and 🚢', 'plain words, ümlauts, 漢字 and 🚢'],
    ['two\nlines\tand a tab\r\n', 'two lines and a tab '],
    ['\u001b[2J\u001b]0;title\u0007', '<U+001B>[2J<U+001B>]0;title<U+0007>'],
    ['\u009b31m', '<U+009B>31m'],
    ['over\rwritten\b', 'over<U+000D>written<U+0008>'],
    ['abc\u202egnp.exe', 'abc<U+202E>gnp.exe'],
    ['\u2066isolate\u2069', '<U+2066>isolate<U+2069>'],
    ['zero\u200bwidth\ufeff', 'zero<U+200B>width<U+FEFF>'],
    ['\u{e0041}tag', '<U+E0041>tag'],
    ['\u2028line\u2029', '<U+2028>line<U+2029>'],
  ])('%j is shown as %j', (text, shown) => expect(visible(text)).toBe(shown));
});
