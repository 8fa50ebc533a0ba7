/** A value as JSON or YAML: what a program reads. */
export async function structured(value: unknown, kind: 'json' | 'yaml'): Promise<string> {
  if (kind === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
