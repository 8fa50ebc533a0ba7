import { z } from 'zod';

/** One thing that is wrong in what was sent: the place, and what to do about it. */
const problemItemSchema = z.object({
  message: z.string(),
  /** JSON path in the body, such as `spec.stages[0].environment`. */
  path: z.string().optional(),
  document: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});

export type ProblemItem = z.infer<typeof problemItemSchema>;

/** RFC 9457 `application/problem+json`, the one shape of every error that leaves the gateway. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional(),
  /** Stable word for machines; the fault's reason. */
  code: z.string(),
  errors: z.array(problemItemSchema).optional(),
  traceId: z.string().optional(),
  retryable: z.boolean(),
});

export type Problem = z.infer<typeof problemSchema>;
