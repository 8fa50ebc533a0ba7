import { describe, expect, it } from 'vitest';
import { hostileStrings } from '../mock/hostile-strings.ts';
import { safeAddress } from './safe-address.ts';

describe('AT-27: an address is one for a browser or a mail program, or it is none', () => {
  it.each(hostileStrings)('%j is none', (text) => expect(safeAddress(text)).toBeUndefined());

  const more: readonly string[] = [
    '',
    ' https://git.example.org',
    'https://git.example.org/a b',
    'https://',
    'https:///evil.example',
    String.raw`https://git.example.org\@evil.example`,
    'https://git.example.org/\u202egnp.exe',
    'https://git\u200b.example.org',
    'java\tscript:alert(1)',
    'mailto:',
    'mailto://evil.example',
    '#',
    '#a b',
    '#"onclick',
    '/targets',
    'ftp://git.example.org',
    'about:blank',
    'intent://scan/#Intent;scheme=zxing;end',
  ];
  it.each(more)('%j is none', (text) => expect(safeAddress(text)).toBeUndefined());

  const good: readonly [text: string, address: string][] = [
    ['https://git.example.org/shop.git', 'https://git.example.org/shop.git'],
    ['http://git.example.org:8080/a?b=c#d', 'http://git.example.org:8080/a?b=c#d'],
    ['HTTPS://Git.Example.org', 'https://git.example.org/'],
    ['mailto:mara@example.org', 'mailto:mara@example.org'],
    ['#main', '#main'],
  ];
  it.each(good)('%j is one', (text, address) => expect(safeAddress(text)).toBe(address));
});
