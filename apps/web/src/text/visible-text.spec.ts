import { describe, expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

describe('text of others, made visible', () => {
  const rows: readonly [what: string, text: string, seen: string][] = [
    ['plain words stay', 'checkout 1.0.1 → dev', 'checkout 1.0.1 → dev'],
    ['markup stays what it is: letters', '<b>bold</b> & {{x}}', '<b>bold</b> & {{x}}'],
    ['tabs and new lines stay', 'a\tb\nc', 'a\tb\nc'],
    ['terminal colours', '\u001b[31mred', '⟨U+001B⟩[31mred'],
    ['the end of a text', 'a\u0000b', 'a⟨U+0000⟩b'],
    ['a carriage return', 'good\rbad', 'good⟨U+000D⟩bad'],
    ['a turn of direction', 'good\u202egnp.exe', 'good⟨U+202E⟩gnp.exe'],
    ['an isolate', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['a zero-width space', 'pay\u200bments', 'pay⟨U+200B⟩ments'],
    ['a soft hyphen', 'pay\u00adments', 'pay⟨U+00AD⟩ments'],
    ['a line separator', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['a byte order mark', '\ufeffa', '⟨U+FEFF⟩a'],
    ['letters of the tag block', 'a\u{e0041}', 'a⟨U+E0041⟩'],
    ['the joiners of Persian and of emoji stay', 'می\u200cخواهم 👩\u200d🚒', 'می\u200cخواهم 👩\u200d🚒'],
  ];
  it.each(rows)('%s', (_, text, seen) => expect(visibleText(text)).toBe(seen));
});
