import { z } from 'zod';
import { fenceSchema, targetStatusSchema } from '@flotilla/model';
import { messageHead, speakerSchema } from './common.ts';

/** A report tells of no more targets than this; the others are in the next one. */
export const reportItemsMax = 200;

/** A report takes in no more items when it is this large, so that it fits a message with room to spare. */
export const reportBytesMax = 1024 * 1024;

/** The newest status of some targets. It is repeated until its receipt comes. */
export const reportSchema = z.object({
  ...messageHead,
  ...speakerSchema,
  number: z.int().min(1),
  /** What the agent holds, so that the next change is as small as it can be. */
  fence: fenceSchema,
  items: z.array(targetStatusSchema).max(reportItemsMax),
  /** What `hello.statusDigest` will say once this report is stored. */
  statusDigest: z.string().max(64),
});

export type Report = z.infer<typeof reportSchema>;

/** The report with this number is committed; or: send everything again, more slowly. */
export const receiptSchema = z.object({
  ...messageHead,
  number: z.int().min(0),
  sendAll: z.boolean().optional(),
  slowDownMs: z.int().min(0).max(600_000).optional(),
  /** This instance does not speak for the cluster, because another one does: it shall change nothing meanwhile. */
  standAside: z.object({ instance: z.string().max(64), why: z.string().max(500) }).optional(),
});

export type Receipt = z.infer<typeof receiptSchema>;
