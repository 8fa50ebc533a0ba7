import { z } from 'zod';
import { timeSchema } from '../numbers.ts';
import { labelSelectorSchema } from '../selector.ts';
import { documentSchema } from './common.ts';

/** What a freeze stops: other releases and settings, or every write. */
export const freezeScopes = ['deploys', 'all'] as const;
export type FreezeScope = (typeof freezeScopes)[number];

/** How a freeze says that it does not end by itself. */
export const untilLifted = 'lifted';

const globsSchema = z.array(z.string().min(1).max(253)).min(1).max(50);

const freezeSpecSchema = z
  .strictObject({
    /** Whom it concerns: who is named by all of the lists that are given. */
    applications: globsSchema.optional(),
    environments: globsSchema.optional(),
    clusters: labelSelectorSchema.optional(),
    scope: z.enum(freezeScopes).default('deploys'),
    /** Why, for whoever finds it. */
    reason: z.string().min(1).max(1_000),
    /** When it ends by itself, or that only a person ends it: nobody freezes for good by leaving this out. */
    until: z.union([z.literal(untilLifted), timeSchema], 'must be a time such as 2027-01-04T08:00:00Z, or `lifted`'),
  })
  .refine(({ applications, environments, clusters }) => applications ?? environments ?? clusters, {
    message:
      'must name applications, environments or clusters; to freeze the whole project write clusters: {matchExpressions: [{key: flotilla.dev/name, operator: Exists}]}',
  });

/** Nobody deploys here until lifted: by application, environment and cluster labels, with a reason and an end. */
export const freezeSchema = documentSchema('Freeze', freezeSpecSchema);

export type FreezeDocument = z.infer<typeof freezeSchema>;
