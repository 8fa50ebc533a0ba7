import { z } from 'zod';
import { parseWindow } from '../windows/sync-window.ts';

const globsSchema = z.array(z.string().min(1).max(253)).max(50);

/** A window of an environment as people write it, with Argo CD's meaning: exactly one of `allow` and `deny` says when it opens. */
export const environmentWindowSchema = z
  .strictObject({
    /** Syncs may run from then on, and at no time that no such window covers. */
    allow: z.string().max(200).optional(),
    /** No sync may run from then on. */
    deny: z.string().max(200).optional(),
    duration: z.string().max(32),
    timeZone: z.string().max(64).optional(),
    /** Whether a sync that a person asks for passes. */
    manualSync: z.boolean().optional(),
    /** Whether a sync that began when it was allowed to may end. */
    syncOverrun: z.boolean().optional(),
    /** Whom it concerns; everything in the environment where no list is given. */
    applications: globsSchema.optional(),
    namespaces: globsSchema.optional(),
    clusters: globsSchema.optional(),
    /** Whether all of the lists must hold, and not just one. */
    useAndOperator: z.boolean().optional(),
  })
  .superRefine(({ allow, deny, duration, timeZone }, context) => {
    const schedule = allow ?? deny;
    if (schedule === undefined || (allow !== undefined && deny !== undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'says exactly one of `allow` and `deny`: when it opens, as cron says it',
      });
      return;
    }
    const read = parseWindow({ kind: allow === undefined ? 'deny' : 'allow', schedule, duration, timeZone });
    if (!read.ok) context.addIssue({ code: 'custom', message: read.reason });
  });

export type EnvironmentWindow = z.infer<typeof environmentWindowSchema>;

/** What a window says in an entry, where it concerns the target; what is not understood there keeps it closed. */
export const entryWindowShape = {
  kind: z.string().max(32),
  schedule: z.string().max(200),
  duration: z.string().max(32),
  timeZone: z.string().max(64).optional(),
  manualSync: z.boolean().optional(),
  syncOverrun: z.boolean().optional(),
};
