import { z } from 'zod';

/** Does the cluster hold what the desired set says? Argo CD's words. */
export const syncStatuses = ['Synced', 'OutOfSync', 'Unknown'] as const;
/** Reads one of Argo CD's words for sync. */
export const syncStatusSchema = z.enum(syncStatuses);
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** Is what runs well? Argo CD's words, ordered from best to worst. */
export const healthStatuses = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;
/** Reads one of Argo CD's words for health. */
export const healthStatusSchema = z.enum(healthStatuses);
export type HealthStatus = z.infer<typeof healthStatusSchema>;

const severity = new Map<HealthStatus, number>(healthStatuses.map((status, index) => [status, index]));

/** The health of a whole is the health of its worst part; a whole without parts is Healthy. */
export function worstHealth(parts: Iterable<HealthStatus>): HealthStatus {
  let worst: HealthStatus = 'Healthy';
  for (const part of parts) if (severity.get(part)! > severity.get(worst)!) worst = part;
  return worst;
}

/** The sync status of a whole: OutOfSync when any part is, Unknown when any part is unknown and none is OutOfSync. */
export function worstSync(parts: Iterable<SyncStatus>): SyncStatus {
  let worst: SyncStatus = 'Synced';
  for (const part of parts) {
    if (part === 'OutOfSync') return part;
    if (part === 'Unknown') worst = part;
  }
  return worst;
}

/** Why something is as it is: a stable word for machines, a sentence for people. */
export const reasonSchema = z.object({ code: z.string().max(64), message: z.string().max(2_000) });
export type Reason = z.infer<typeof reasonSchema>;
