/** The characters by which plain YAML is told apart. */
export const code = {
  tab: 9,
  newline: 10,
  space: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  dash: 45,
  colon: 58,
  greater: 62,
  openBracket: 91,
  backslash: 92,
  openBrace: 123,
  bar: 124,
} as const;

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === code.space) at++;
  return at;
}

/** Whether a blank or the end of the line is here: what makes a `:` or `-` an indicator. */
export function isGap(text: string, at: number): boolean {
  const found = text.charCodeAt(at);
  return found === code.space || found === code.newline;
}

/** Whether nothing but a comment is left of the line, which was blank up to here. */
export function endsLine(text: string, at: number): boolean {
  const found = text.charCodeAt(at);
  return found === code.newline || found === code.hash;
}
