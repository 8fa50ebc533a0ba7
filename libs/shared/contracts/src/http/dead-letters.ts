import { z } from 'zod';
import { inProject, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** What could not be handled: a message of an agent that was dropped, or work that is not looked at any more. */
export const deadLetterView = z.object({
  id: z.string(),
  kind: z.enum(['message', 'work']),
  /** The kind of message, or of work and what it is about. */
  subject: z.string(),
  cluster: z.string().optional(),
  /** Stable word for machines, and the sentence that goes with it. */
  reason: z.string(),
  message: z.string(),
  firstAt: z.string(),
  lastAt: z.string(),
  count: z.int(),
  bytes: z.int(),
});

/** A letter with what it holds, in base64: all of it, or its beginning when `bytes` says that there was more. */
export const deadLetterContentView = deadLetterView.extend({ content: z.base64() });

export type DeadLetterView = z.infer<typeof deadLetterView>;
export type DeadLetterContentView = z.infer<typeof deadLetterContentView>;

const letterParams = projectParams.extend({
  id: z
    .string()
    .max(200)
    .regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be the id of a dead letter'),
});

export const deadLetterOperations = {
  listDeadLetters: operation({
    method: 'GET',
    path: `${inProject}/dead-letters`,
    summary: 'What could not be handled, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery,
    response: pageOf(deadLetterView),
  }),
  /** What a cluster sent may be anything, secrets included: only who may do everything may read it. */
  getDeadLetter: operation({
    method: 'GET',
    path: `${inProject}/dead-letters/{id}`,
    summary: 'Show a dead letter with its bytes',
    permission: 'admin',
    params: letterParams,
    response: deadLetterContentView,
  }),
  replayDeadLetter: operation({
    method: 'POST',
    path: `${inProject}/dead-letters/{id}/replay`,
    summary: 'Hand a dead letter in again, at the door where it was refused',
    permission: 'write',
    params: letterParams,
    response: z.object({ id: z.string() }),
    status: 202,
  }),
  discardDeadLetter: operation({
    method: 'DELETE',
    path: `${inProject}/dead-letters/{id}`,
    summary: 'Throw a dead letter away',
    permission: 'write',
    params: letterParams,
    response: z.object({ id: z.string() }),
  }),
} as const;
