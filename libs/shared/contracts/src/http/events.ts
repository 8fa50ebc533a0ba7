import { z } from 'zod';
import { chainPointSchema, ledgerLineSchema } from '@flotilla/model';
import { changedKinds } from '../subjects.ts';
import { filterText, inProject, momentText, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** One line of the ledger: who did what to which object, and when. */
export const eventView = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  message: z.string(),
  /** Its place in the chain, a second after it was written. */
  seq: z.int().optional(),
});

export type EventView = z.infer<typeof eventView>;

/** A stretch of the chain of the ledger, and where the whole of it begins and ends at this moment. */
export const chainView = z.object({
  /** The last line that is not kept any more: the first one that is follows on it. */
  anchor: chainPointSchema,
  head: chainPointSchema,
  /** Lines that are written and wait for their place. */
  unsealed: z.int(),
  items: z.array(ledgerLineSchema),
});

export type ChainView = z.infer<typeof chainView>;

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
    query: pageQuery.extend({
      subject: filterText(400).optional(),
      /** Who did it, as the ledger names him: `user:ann`. */
      actor: filterText(200).optional(),
      /** What was done, `target.suspend`, or everything that is done to one noun, `target`. */
      action: filterText(100).optional(),
      since: momentText.optional(),
      /** What happened at this very moment is left out. */
      until: momentText.optional(),
    }),
    response: pageOf(eventView),
  }),
  listLedgerLines: operation({
    method: 'GET',
    path: '/api/v1/ledger',
    summary: 'The chain of the ledger, of all projects, oldest line first',
    permission: 'admin',
    query: z.object({
      /** Number of the last line that is known; from the beginning when absent. */
      after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
      limit: z.coerce.number().int().min(1).max(2_000).default(1_000),
    }),
    response: chainView,
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
        .transform((text) => [...new Set(text.split(','))])
        .pipe(z.array(z.enum(changedKinds)).min(1)),
    }),
    response: streamEventSchema,
    stream: true,
  }),
} as const;
