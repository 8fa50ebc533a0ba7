import type { JsonDraft } from '../schema/schema-type.ts';

/** Sets each field that is absent, null, or empty text. */
export function setMissing(draft: JsonDraft, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (draft[name] === undefined || draft[name] === null || draft[name] === '') draft[name] = value;
  }
}

/** The object in a field, made when it is missing. */
export function ensureObject(draft: JsonDraft, name: string): JsonDraft {
  draft[name] ??= {};
  return draft[name] as JsonDraft;
}
