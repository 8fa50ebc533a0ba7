import { z } from 'zod';
import { clusterFactsSchema, countSchema, fenceSchema, upgradeProgressSchema } from '@flotilla/model';
import { messageHead, speakerSchema } from './common.ts';

/** Sent every ten seconds: I am here, this is the set that I hold, and this is what you should know of my targets. */
export const helloSchema = z.object({
  ...messageHead,
  ...speakerSchema,
  protocol: z.object({ oldest: countSchema, newest: countSchema }),
  fence: fenceSchema,
  setDigest: z.string().max(64),
  /** Digest of the last status that this agent knows to be stored; a difference makes the control plane ask for all. */
  statusDigest: z.string().max(64),
  facts: clusterFactsSchema,
  /** How far the agent has come with the upgrade that is wished of it; said as long as it is wished. */
  upgrade: upgradeProgressSchema.optional().catch(undefined),
  /** The key that it speaks with: once it is heard, the one before it has done its work. */
  userKey: z.string().max(64).optional(),
  /** The list of order keys that it believes; an older one than the newest is followed up. */
  keyList: countSchema.optional(),
});

export type Hello = z.infer<typeof helloSchema>;

/** How often an agent says that it is there; three missed ones, and its cluster counts as lost. */
export const helloIntervalMs = 10_000;
