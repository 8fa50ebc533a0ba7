import { code } from './scan.ts';

/** The part of a line that belongs to a plain scalar. */
export interface PlainLine {
  readonly text: string;
  /** Whether a comment follows: it ends the scalar. */
  readonly commented: boolean;
}

/** What ends a plain scalar, or makes the line something else. */
const odd = /: |:$| #|\t/;

/** The rest of a line as plain text without its comment; `undefined` when it is more than that. */
export function readPlainLine(line: string): PlainLine | undefined {
  if (!odd.test(line)) return { text: withoutTrailingSpaces(line), commented: false };
  const comment = line.indexOf(' #');
  if (comment < 0) return undefined;
  const text = withoutTrailingSpaces(line.slice(0, comment));
  return odd.test(text) ? undefined : { text, commented: true };
}

/** Spaces only: what else JavaScript trims is text in YAML. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === code.space) end--;
  return end === line.length ? line : line.slice(0, end);
}
