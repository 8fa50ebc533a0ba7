import { z } from 'zod';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { entryRenderSchema, entrySourceSchema } from './desired-set.ts';
import { breakGlassTimeSchema } from './freeze.ts';
import { nameSchema, uidSchema } from './names.ts';
import { parseSelector } from './selector.ts';
import { whySchema } from './why.ts';

/** Fewer characters than these name no commit and no digest. */
const prefixMin = 7;

/** What a rollback goes back to: what was good before, something that a person names, or what ran at a time. */
export type RollbackGoal =
  | { readonly kind: 'previous-good' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'time'; readonly at: Date };

/** Reads `previous-good`, the beginning of a commit, the uid of a release, or a moment such as `2026-01-31T12:00:00Z`. */
export function readGoal(text: string): Outcome<RollbackGoal, string> {
  if (text === 'previous-good') return done({ kind: 'previous-good' });
  if (/^[a-z0-9]+$/.test(text) && text.length >= prefixMin) return done({ kind: 'named', name: text });
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text) : undefined;
  if (at && !Number.isNaN(at.getTime())) return done({ kind: 'time', at });
  return refused(
    `must be previous-good, a commit, a release, or a moment such as 2026-01-31T12:00:00Z; not \`${text}\``,
  );
}

const selectorText = z
  .string()
  .max(2_000)
  .refine((text) => parseSelector(text).ok, { message: "must be labels of clusters in kubectl's grammar" });

/**
 * What a rollback is for. At least one part is named, so that nobody rolls the fleet back by leaving all of them out:
 * the fleet has a word of its own.
 */
export const rollbackSelectionSchema = z
  .strictObject({
    application: nameSchema.optional(),
    environment: nameSchema.optional(),
    cluster: nameSchema.optional(),
    /** Labels of clusters. */
    selector: selectorText.optional(),
    /** Whatever is ordered to run this source digest, or one that begins so. */
    digest: z.string().min(prefixMin).max(64).optional(),
    /** Whatever is ordered to run this release. */
    release: uidSchema.optional(),
    fleet: z.literal(true).optional(),
  })
  .refine((selection) => Object.values(selection).some((part) => part !== undefined), {
    message: 'must name an application, environment, cluster, selector, digest or release, or say fleet: true',
  });
export type RollbackSelection = z.output<typeof rollbackSelectionSchema>;

/** The order of a person to go back. */
export const rollbackRequestSchema = z.strictObject({
  selection: rollbackSelectionSchema,
  to: z
    .string()
    .max(64)
    .refine((text) => readGoal(text).ok, {
      message: 'must be previous-good, a commit, a release, or a moment such as 2026-01-31T12:00:00Z',
    }),
  reason: whySchema,
  /** Everybody at the same moment, and not the healthy ones by quarters after those that are not well. */
  atOnce: z.boolean().default(false),
  /** Hooks are left out unless this is asked for: they were written for going forward. */
  runHooks: z.boolean().default(false),
  /** Where everything went back, Git is asked to say the same: the pins end with it. */
  repair: z.boolean().default(true),
  /** What it goes back to, and nothing else, passes the freezes that stand there when it is given, for so long. */
  breakGlass: breakGlassTimeSchema.optional(),
});
export type RollbackRequest = z.output<typeof rollbackRequestSchema>;

/** A release as a target runs it: where its files are, and how they become manifests. */
export const pinnedContentSchema = z.object({
  release: uidSchema,
  sourceDigest: z.string(),
  source: entrySourceSchema,
  render: entryRenderSchema.optional(),
});

/** What holds a target at a release, against what Git says, until one of three ends. */
export const targetPinSchema = z.object({
  /** The rollback that set it, and its rollout there. */
  rollback: uidSchema,
  rollout: uidSchema,
  content: pinnedContentSchema,
  by: z.string(),
  reason: z.string(),
  since: z.string(),
  runHooks: z.boolean().optional(),
  /** The freezes that what it holds passes, by name, and until when: those that stood when the order was given. */
  breakGlass: z.object({ expires: z.string(), freezes: z.array(z.string()) }).optional(),
});
export type TargetPin = z.output<typeof targetPinSchema>;

/** A source digest of an application that enters nowhere any more, until a person lets it. */
export interface Quarantine {
  readonly digest: string;
  readonly by: string;
  readonly reason: string;
}
