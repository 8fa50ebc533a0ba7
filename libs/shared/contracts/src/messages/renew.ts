import { z } from 'zod';
import { uidSchema } from '@flotilla/model';
import { messageHead } from './common.ts';
import { userKeySchema } from './enrol.ts';
import { signedTextSchema } from './signed.ts';

/**
 * What an agent asks with the key it has: that a new one, made in the cluster, takes its place. Everything that it was
 * enrolled as is named, and all of it has to be so.
 */
export const renewalSchema = z.object({
  at: z.string().max(40),
  /** The account that its credential names as its own. */
  account: z.string().max(64),
  cluster: uidSchema,
  kubernetesUid: z.string().max(64),
  userKey: userKeySchema,
  nextKey: userKeySchema,
});

export type Renewal = z.infer<typeof renewalSchema>;

const signature = z.string().max(128);

/**
 * A renewal as it is brought, over either door: its text, and the signatures of both keys over it. Whoever repeats
 * what he overheard wins nothing, because the answer is of use to the holder of the new key alone.
 */
export const renewRequestSchema = z.object({
  renewal: z.string().max(2_048),
  signature,
  nextSignature: signature,
});

export type RenewRequest = z.infer<typeof renewRequestSchema>;

/** The same as a message: sent again, with the same key, until a credential for it comes. */
export const renewSchema = z.object({ ...messageHead, ...renewRequestSchema.shape });

export type Renew = z.infer<typeof renewSchema>;

/** A new identity for a key of this cluster. Signed, as every order is. */
export const credentialSchema = z.object({
  ...messageHead,
  cluster: uidSchema,
  userKey: userKeySchema,
  userJwt: z.string().max(8_192),
  servers: z.array(z.string().max(512)).min(1).max(20),
  certificateAuthority: z.string().max(65_536).optional(),
  expiresAt: z.string().max(40),
});

export type Credential = z.infer<typeof credentialSchema>;

/** A credential with its signature, and the lists of order keys that lead from the first to the one that signed it. */
export const renewAnswerSchema = z.object({
  credential: signedTextSchema,
  keyLists: z.array(signedTextSchema).max(100),
});

export type RenewAnswer = z.infer<typeof renewAnswerSchema>;
