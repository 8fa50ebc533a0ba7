import { z } from 'zod';
import { parseWindow } from '../windows/sync-window.ts';

const globsSchema = z.array(z.string().min(1).max(253)).max(50);

/** When a window is open, as people write it. */
const openingShape = {
  /** What it is about may happen from then on, and at no time that no such window covers. */
  allow: z.string().max(200).optional(),
  /** It may not happen from then on. */
  deny: z.string().max(200).optional(),
  duration: z.string().max(32),
  timeZone: z.string().max(64).optional(),
};

type Opening = z.infer<z.ZodObject<typeof openingShape>>;

/** A window without anything else: exactly one of `allow` and `deny` says when it opens. */
export const openingSchema = z.strictObject(openingShape).superRefine(checkOpening);

/** A window of an environment as people write it, with Argo CD's meaning: exactly one of `allow` and `deny` says when it opens. */
export const environmentWindowSchema = z
  .strictObject({
    ...openingShape,
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
  .superRefine(checkOpening);

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

function checkOpening({ allow, deny, duration, timeZone }: Opening, context: z.RefinementCtx): void {
  const schedule = allow ?? deny;
  if (schedule === undefined || (allow !== undefined && deny !== undefined)) {
    const message = 'says exactly one of `allow` and `deny`: when it opens, as cron says it';
    context.addIssue({ code: 'custom', message });
    return;
  }
  const read = parseWindow({ kind: allow === undefined ? 'deny' : 'allow', schedule, duration, timeZone });
  if (!read.ok) context.addIssue({ code: 'custom', message: read.reason });
}
