import type { Scalar } from 'yaml';

/**
 * The rare places where YAML 1.2, which our full parser follows, and the parser of kubectl read different things into
 * the same text, found by comparing both on a million texts. They are refused with a way to say what is meant.
 */
export function ambiguityOf(scalar: Scalar.Parsed, text: string, inFlow: boolean): string | undefined {
  const [start, end] = scalar.range;
  const source = text.slice(start, end);
  switch (scalar.type) {
    case 'QUOTE_DOUBLE':
      if (/\\\n[ \t]*\n/.test(source)) return 'a blank line must not follow a line that ends in a backslash';
      return /[^\\](\\\\)*\\"$/.test(source) ? unclosed : undefined;
    case 'QUOTE_SINGLE':
      return source.slice(1, -1).replaceAll("''", '').includes("'") ? unclosed : undefined;
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return /^.*[1-9].*\n[^]*\n +\n*$/.test(source)
        ? 'take the blanks out of the last, empty lines of this text'
        : undefined;
    case 'PLAIN':
      return inFlow ? flowAmbiguity(source, text.slice(end, end + 100)) : undefined;
    default:
      return undefined;
  }
}

const unclosed = 'the closing quote is missing on this line';

function flowAmbiguity(source: string, after: string): string | undefined {
  if (/^:|\?/.test(source)) return 'put quotes around this text: `?` and `:` may mean something else in brackets';
  return /^[ \t]*:[,\]}]/.test(after) ? 'put quotes around this text, or a blank after its `:`' : undefined;
}
