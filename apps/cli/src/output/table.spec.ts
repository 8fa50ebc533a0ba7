import { describe, expect, it } from 'vitest';
import { formatTable } from './table.ts';

const row = (...texts: readonly string[]) => texts.map((text) => ({ text }));

describe('a table', () => {
  it('puts three spaces between columns, and nothing behind the last', () => {
    const rows = [row('checkout', 'Synced', ''), row('a', 'OutOfSync', 'Conflict')];
    expect(formatTable({ headers: ['NAME', 'SYNC', 'REASON'], rows })).toBe(
      `NAME       SYNC        REASON
checkout   Synced      ${''}
a          OutOfSync   Conflict
`,
    );
  });

  it('goes on under rows that stand there already', () => {
    expect(formatTable({ rows: [row('a', 'b')], widths: [4, 0] })).toBe('a      b\n');
  });

  it('measures what is seen: letters, not their bytes nor their colours', () => {
    const painted = { text: 'bad', paint: (text: string) => `\u001b[31m${text}\u001b[39m` };
    expect(formatTable({ rows: [[painted, { text: 'x' }], row('𝒳é', 'y')] })).toBe(
      '\u001b[31mbad\u001b[39m   x\n𝒳é    y\n',
    );
  });

  it('AT-27 keeps a cell on its line, and its controls away from the terminal', () => {
    expect(formatTable({ rows: [row('a\nb', '\u001b[2Jc')] })).toBe('a b   <U+001B>[2Jc\n');
  });
});
