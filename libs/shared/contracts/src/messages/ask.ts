import { z } from 'zod';
import { desiredEntrySchema, heldEntrySchema, reasonSchema, uidSchema } from '@flotilla/model';
import { messageHead } from './common.ts';

/** What only the cluster can answer. Signed, for one cluster, and void after its deadline. */
export const askSchema = z.object({
  ...messageHead,
  id: uidSchema,
  cluster: uidSchema,
  expiresAt: z.string().max(40),
  question: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('diff'), target: uidSchema }),
    /** What is the set that you hold? Asked when no record knows it. */
    z.object({ kind: z.literal('held') }),
    /** What would change if this were ordered? Nothing is: only an agent that names `preview` among its features is asked. */
    z.object({ kind: z.literal('preview'), entry: desiredEntrySchema }),
  ]),
});

export type Ask = z.infer<typeof askSchema>;
export type Question = Ask['question'];

/** One object that differs between what Git says and what the cluster holds; secrets are masked by the agent. */
export const objectDiffSchema = z.object({
  object: z.string().max(400),
  change: z.enum(['create', 'update', 'delete']),
  fields: z
    .array(
      z.object({
        path: z.string().max(1_000),
        live: z.string().max(4_000).optional(),
        desired: z.string().max(4_000).optional(),
        /** Of two texts of many lines, the lines in which they differ, as `diff -u` shows them; the sides are left out then. */
        lines: z.array(z.string().max(1_100)).max(400).optional(),
        /** Who wrote what stands there, when it was not us, and when. */
        manager: z.string().max(128).optional(),
        at: z.string().max(40).optional(),
      }),
    )
    .max(1_000),
  /** What would be made, as YAML. */
  content: z.string().max(8_000).optional(),
  /** How many fields are left out, because there is too much of it. */
  more: z.int().min(0).optional(),
});

export type ObjectDiff = z.infer<typeof objectDiffSchema>;

/** As many as fit a message; an agent that holds more says so instead. */
export const heldEntriesMax = 5_000;

/** More warnings than anybody reads; whoever has more of them says so in the last. */
export const answeredWarningsMax = 100;

/** What the cluster says to a question, or why it cannot. */
export const answerSchema = z.object({
  ...messageHead,
  id: uidSchema,
  diff: z.array(objectDiffSchema).max(2_000).optional(),
  held: z.array(heldEntrySchema).max(heldEntriesMax).optional(),
  /** What a person has to know before he orders what the preview was about: each names the object, the risk and the way out. */
  warnings: z.array(reasonSchema).max(answeredWarningsMax).optional(),
  problem: z.string().max(2_000).optional(),
});

export type Answer = z.infer<typeof answerSchema>;
