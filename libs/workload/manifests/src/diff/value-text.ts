import { stringify } from 'yaml';

/** A value as a person would write it: text in lines as it is, everything else as YAML, so that `"9"` is not taken for 9. */
export function valueText(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return value;
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
