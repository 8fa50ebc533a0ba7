const retryAfterMaxMs = 60 * 60 * 1000;

/** Reads `Retry-After`: seconds, or a date. A host cannot make anybody wait for longer than an hour. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), retryAfterMaxMs) : undefined;
}
