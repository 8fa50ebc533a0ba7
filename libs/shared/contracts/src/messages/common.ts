import { z } from 'zod';
import { countSchema } from '@flotilla/model';

/** The version of the agent protocol that this code speaks, and the oldest that it still understands. */
export const protocol = { version: 1, oldest: 1 } as const;

/** The versions that one side speaks. */
export interface ProtocolRange {
  readonly oldest: number;
  readonly newest: number;
}

/** The newest version that both sides speak; none when they are too far apart, and then nothing is said. */
export function agreedProtocol(theirs: ProtocolRange, ours: ProtocolRange = spoken): number | undefined {
  const newest = Math.min(theirs.newest, ours.newest);
  return newest >= Math.max(theirs.oldest, ours.oldest) ? newest : undefined;
}

const spoken: ProtocolRange = { oldest: protocol.oldest, newest: protocol.version };
const unknownVersion = `must be a protocol version from ${protocol.oldest} to ${protocol.version}; this side speaks no other`;

/**
 * What every message carries: its protocol version and the sender's time. The trace rides in the headers. A version that
 * is not known here is refused whole: guessing at the meaning of an order would be worse than not hearing it.
 */
export const messageHead = {
  v: z.int().min(protocol.oldest, unknownVersion).max(protocol.version, unknownVersion),
  at: z.string().max(40),
};

/** Who speaks for a cluster: one agent instance, while it holds the Lease in the cluster. */
export const speakerSchema = {
  instance: z.string().max(64),
  /** How often the Lease changed hands: a higher count is a hand-over. */
  leaseTransitions: countSchema,
  /** The UID of the kube-system namespace: an identity that was carried off to another cluster is told by it. */
  kubernetesUid: z.string().max(64).optional(),
};

/** NATS header names. */
export const headerNames = {
  traceparent: 'traceparent',
  signature: 'Flotilla-Signature',
} as const;

/** No message is larger; the broker is told the same. */
export const messageBytesMax = 4 * 1024 * 1024;
