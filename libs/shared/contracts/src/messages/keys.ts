import { z } from 'zod';
import { messageHead } from './common.ts';
import { orderKeySchema } from './signed.ts';

/**
 * The keys that orders are signed with from now on, signed by a key of the list before it. Lists are numbered without a
 * gap, so that an agent that was away for several takes them one after another.
 */
export const keyListSchema = z.object({
  ...messageHead,
  number: z.int().min(1),
  keys: z.array(orderKeySchema).min(1).max(10),
});

export type KeyList = z.infer<typeof keyListSchema>;
