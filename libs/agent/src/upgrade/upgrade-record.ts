import { z } from 'zod';
import { reasonSchema } from '@flotilla/model';

/**
 * Where an upgrade is. Each change of it is written over exactly the record that was read, so of two who want to decide
 * one wins, and the other sees it.
 *
 * | phase | written by | means |
 * |---|---|---|
 * | Planned | the old agent | this is going to be tried; nothing is touched yet |
 * | Watched | the watchdog | it runs, and puts the old agent back after the deadline |
 * | Confirmed | the new agent | it speaks for the cluster, and the control plane hears it |
 * | Returning | the watchdog | no confirmation came: the old agent is put back |
 * | Refused | the old agent | given up before anything was touched |
 */
export const upgradePhases = ['Planned', 'Watched', 'Confirmed', 'Returning', 'Refused'] as const;
export type UpgradePhase = (typeof upgradePhases)[number];

export const upgradeRecordSchema = z.object({
  version: z.literal(1),
  upgrade: z.string(),
  phase: z.enum(upgradePhases),
  /** The images that it leads from and to. */
  from: z.string(),
  to: z.string(),
  plannedAt: z.string(),
  deadlineSeconds: z.int().min(1),
  /** Set by the watchdog's own clock, which is the one that decides. */
  deadlineAt: z.string().optional(),
  reason: reasonSchema.optional(),
});

/** What is kept of the newest upgrade, in a ConfigMap: there is nothing secret in it, and a person may have to read it. */
export type UpgradeRecord = z.infer<typeof upgradeRecordSchema>;

/** Whether somebody has still to decide how it ends. */
export function isOpen({ phase }: UpgradeRecord): boolean {
  return phase === 'Planned' || phase === 'Watched';
}

export function packUpgrade(record: UpgradeRecord): string {
  return JSON.stringify(record);
}

/** `undefined` when it is no record that this version understands: then nothing is done about it. */
export function unpackUpgrade(text: string): UpgradeRecord | undefined {
  try {
    return upgradeRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
