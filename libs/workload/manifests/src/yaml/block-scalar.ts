import type { ReadScalar } from './flow-scalar.ts';
import { code, skipSpaces } from './scan.ts';

const header = /([|>])([1-9]?)([-+]?)(?: +#[^\n]*| *)\n/y;

/**
 * A literal (`|`) or folded (`>`) text that begins at `at`, under a parent in column `indent`. `end` is the start of
 * the line after it. `undefined` for anything unusual, such as no content or blank lines that stick out.
 */
export function readBlockScalar(text: string, at: number, indent: number): ReadScalar | undefined {
  header.lastIndex = at;
  const found = header.exec(text);
  if (!found) return undefined;
  const stated = found[2] === '' ? -1 : Math.max(indent, 0) + Number(found[2]);
  const read = readLines(text, { from: header.lastIndex, indent, stated });
  if (!read) return undefined;
  const { lines, end } = read;
  let trailing = 0;
  while (lines.at(-1) === '') {
    lines.pop();
    trailing++;
  }
  const content = found[1] === '|' ? lines.join('\n') : foldBlock(lines);
  const chomped = found[3] === '-' ? '' : '\n'.repeat(found[3] === '+' ? trailing + 1 : 1);
  return { value: content + chomped, end };
}

interface BlockPlace {
  readonly from: number;
  readonly indent: number;
  /** The indentation that the header states; -1 when the first line tells it. */
  readonly stated: number;
}

/** The lines that belong to the text, without their indentation. */
function readLines(text: string, place: BlockPlace): { lines: string[]; end: number } | undefined {
  const lines: string[] = [];
  let contentIndent = place.stated;
  let blankIndent = 0;
  let start = place.from;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const at = skipSpaces(text, start);
    const blank = at === end;
    if (!blank && contentIndent < 0) {
      contentIndent = at - start;
      if (contentIndent <= place.indent || blankIndent > contentIndent || text.charCodeAt(at) === code.tab)
        return undefined;
    }
    if (!blank && at - start < contentIndent) break;
    if (contentIndent < 0) blankIndent = Math.max(blankIndent, at - start);
    lines.push(contentIndent < 0 ? '' : text.slice(Math.min(start + contentIndent, end), end));
    start = end + 1;
  }
  return lines.every((line) => line === '') ? undefined : { lines, end: start };
}

/** Joins lines with spaces, except around lines that are indented further; blank lines are line breaks. */
function foldBlock(lines: readonly string[]): string {
  let folded = '';
  let blanks = 0;
  let previousSpaced: boolean | undefined;
  for (const line of lines) {
    if (line === '') {
      blanks++;
      continue;
    }
    const spaced = line.startsWith(' ') || line.startsWith('\t');
    if (previousSpaced === false && !spaced) folded += blanks === 0 ? ' ' : '\n'.repeat(blanks);
    else folded += '\n'.repeat(previousSpaced === undefined ? blanks : blanks + 1);
    folded += line;
    previousSpaced = spaced;
    blanks = 0;
  }
  return folded;
}
