import { isObject, type Json, type JsonDraft } from '../schema/schema-type.ts';

/** The document after a merge patch (RFC 7386): null takes a field away, objects merge, all else replaces. */
export function applyMergePatch(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: JsonDraft = isObject(document) ? { ...document } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = applyMergePatch(merged[name] as Json | undefined, value!);
  }
  return merged;
}
