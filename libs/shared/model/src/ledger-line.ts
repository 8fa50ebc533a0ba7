import { z } from 'zod';

/**
 * A place in the chain of the ledger: a line's number, and the hash that holds it and everything before it. A hash of any
 * form is read: one that somebody changed is for the check to find.
 */
export const chainPointSchema = z.object({ seq: z.int().min(0), hash: z.string() });
export type ChainPoint = z.infer<typeof chainPointSchema>;

/** Where the chain begins: before its first line. */
export const chainStart: ChainPoint = { seq: 0, hash: '0'.repeat(64) };

const lineFields = {
  /** As the database numbered it. Lines are sealed in the order in which they are seen, which may be another. */
  id: z.string().max(20),
  /** To the microsecond, as the database has it: a hash knows no rounding. */
  at: z.string().max(40),
  project: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  message: z.string(),
  traceparent: z.string().optional(),
};

const openLineSchema = z.object(lineFields);

/** A line that is committed and not sealed yet. */
export type OpenLine = z.infer<typeof openLineSchema>;

/** A line of the ledger with its place in the chain. */
export const ledgerLineSchema = chainPointSchema.extend(lineFields);
export type LedgerLine = z.infer<typeof ledgerLineSchema>;
