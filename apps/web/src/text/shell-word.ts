/** A word as a shell reads it whole, whatever is in it: a command that is copied from here does only what it says. */
export function shellWord(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
