import { z } from 'zod';
import { uidSchema } from '@flotilla/model';
import { orderKeySchema } from './signed.ts';

/** The public half of an agent's key. */
export const userKeySchema = z.string().regex(/^U[A-Z2-7]{55}$/, 'must be a NATS user public key');

/** What an agent sends with its join token: the public half of a key pair that was made in the cluster. */
export const enrolRequestSchema = z.object({
  token: z.string().max(128),
  /** NATS user public key (`U…`). */
  userKey: userKeySchema,
  /** The UID of the kube-system namespace: tells one Kubernetes cluster from another. */
  kubernetesUid: z.string().max(64),
});

export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

/** What the agent keeps: who it is, where to dial, and whose orders to believe. */
export const enrolAnswerSchema = z.object({
  cluster: uidSchema,
  project: z.string().max(63),
  name: z.string().max(63),
  userJwt: z.string().max(8_192),
  servers: z.array(z.string().max(512)).min(1).max(20),
  certificateAuthority: z.string().max(65_536).optional(),
  orderKeys: z.array(orderKeySchema).min(1).max(10),
  /** The number of that list; 0 before the first rotation. */
  keyList: z.int().min(0).default(0),
  expiresAt: z.string().max(40),
});

export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;
