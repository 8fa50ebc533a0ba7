import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

describe('a line splitter', () => {
  const text = '{"a":1}\n{"b":"ü€😀"}\n\n{"c":3}\n';

  it.each([1, 2, 3, 5, 7, 1_000])('finds the same lines in chunks of %i bytes', (size) => {
    const splitter = new LineSplitter(100);
    const bytes = Buffer.from(text);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
    expect(lines).toEqual(['{"a":1}', '{"b":"ü€😀"}', '{"c":3}']);
  });

  it('holds back a line that is not whole', () => {
    const splitter = new LineSplitter(100);
    expect(splitter.push(Buffer.from('half'))).toEqual([]);
    expect(splitter.push(Buffer.from(' a line\nand'))).toEqual(['half a line']);
  });

  it('refuses a line that never ends before it fills the memory', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('0123456789'));
    expect(() => splitter.push(Buffer.from('x'))).toThrow(expect.objectContaining({ reason: 'EventTooLarge' }));
  });
});
