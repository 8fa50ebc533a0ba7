import { z } from 'zod';
import { changedKinds } from '../subjects.ts';
import { filterText, inProject, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** One line of the ledger: who did what to which object, and when. */
export const eventView = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  message: z.string(),
});

export type EventView = z.infer<typeof eventView>;

/**
 * One change, as a watch tells it. A stream begins with everything there is (`ADDED`), then says `BOOKMARK`, then
 * follows; a reader that was cut off opens a new one and replaces what it knew.
 */
export const streamEventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  kind: z.enum(changedKinds),
  /** The noun's view; of a deleted one at least its uid; of an error the problem. */
  object: z.unknown().optional(),
});

export type StreamEvent = z.infer<typeof streamEventSchema>;

export const eventOperations = {
  listEvents: operation({
    method: 'GET',
    path: `${inProject}/events`,
    summary: 'What happened, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ subject: filterText(400).optional() }),
    response: pageOf(eventView),
  }),
  stream: operation({
    method: 'GET',
    path: `${inProject}/stream`,
    summary: 'Everything of some kinds, and then each change',
    permission: 'read',
    params: projectParams,
    query: z.object({
      kinds: z
        .string()
        .default('target,cluster')
        .transform((text) => text.split(','))
        .pipe(z.array(z.enum(changedKinds)).min(1)),
    }),
    response: streamEventSchema,
    stream: true,
  }),
} as const;
