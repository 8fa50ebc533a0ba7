import { z } from 'zod';

/**
 * What somebody outside says who was asked whether a release may enter: of which inputs they speak, and whether those may.
 * Whoever refuses has to say why. Other fields are ignored.
 */
export const gateReplySchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('allow'), digest: z.string(), reason: z.string().optional() }),
  z.object({ answer: z.literal('deny'), digest: z.string(), reason: z.string().trim().min(1, 'must say why') }),
  z.object({ answer: z.literal('wait'), digest: z.string(), reason: z.string().optional() }),
]);

export type GateReply = z.infer<typeof gateReplySchema>;
