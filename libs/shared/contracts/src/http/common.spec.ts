import { describe, expect, it } from 'vitest';
import { filterText } from './common.ts';

describe('AT-30: text that a list is narrowed by', () => {
  it.each([
    ['checkout', true],
    ["'; DROP TABLE target --", true],
    ['sixty', false],
    ['\0', false],
    ['a\0b', false],
  ])('%j: %s', (text, allowed) => {
    expect(filterText(text === 'sixty' ? 4 : 63).safeParse(text).success).toBe(allowed);
  });
});
