import { canonicalJson } from '@flotilla/foundation';

/** Each setting by its path, as `render.substitute.size`, with its value as canonical JSON; a list is one setting. */
export function settingLeaves(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return new Map([[path, canonicalJson(value)]]);
  const parts = Object.entries(value).map(([name, part]) => settingLeaves(part, path ? `${path}.${name}` : name));
  return new Map(parts.flatMap((part) => [...part]));
}
