import { z } from 'zod';

const expressionSchema = z.string().min(1).max(4_000);

/** A person's rule for a kind, in CEL: documents refuse other words, entries keep them for whoever understands them. */
export const healthRuleShape = {
  /** Its group counts, and not its version: what a rule sees is the object as the API server prefers to show it. */
  apiVersion: z.string().min(1).max(253),
  kind: z.string().min(1).max(253),
  /** When the object is well. */
  current: expressionSchema,
  /** When it is on its way; asked first. */
  inProgress: expressionSchema.optional(),
  /** When it has failed; asked before whether it is well. */
  failed: expressionSchema.optional(),
};

/** Reads one rule as an application writes it, with the words of Flux's `healthCheckExprs`. */
export const healthRuleSchema = z.strictObject(healthRuleShape);
