/**
 * JSON for a `jsonb` parameter. PostgreSQL refuses the character zero and half characters, which clusters and Git hosts
 * may well send; one of them would spoil the whole statement, and everybody else's rows with it.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // `JSON.stringify` escapes exactly these two, so a text without such an escape, nearly every one, is clean as it is.
  return /\\u(?:0000|d[89a-f])/.test(text) ? cleanText(value) : text;
}

function cleanText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? clean(part) : part));
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
