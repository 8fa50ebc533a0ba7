/** A JSON merge patch: null takes a field away, objects merge, everything else replaces. */
export function mergePatched(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const before = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const merged = { ...before } as Record<string, unknown>;
  for (const [name, child] of Object.entries(patch)) {
    if (child === null) delete merged[name];
    else merged[name] = mergePatched(merged[name], child);
  }
  return merged;
}
