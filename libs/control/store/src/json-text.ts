/**
 * JSON for a `jsonb` parameter. PostgreSQL refuses the character zero and half characters, which clusters and Git hosts
 * may well send; one of them would spoil the whole statement, and everybody else's rows with it.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? clean(part) : part));
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
