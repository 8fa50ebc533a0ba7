import { z } from 'zod';

/** The version of the agent protocol that this code speaks, and the oldest that it still understands. */
export const protocol = { version: 1, oldest: 1 } as const;

/** What every message carries: its protocol version and the sender's time. The trace rides in the headers. */
export const messageHead = { v: z.int().min(1), at: z.string().max(40) };

/** Who speaks for a cluster: one agent instance, while it holds the Lease in the cluster. */
export const speakerSchema = {
  instance: z.string().max(64),
  /** How often the Lease changed hands: a higher count is a hand-over. */
  leaseTransitions: z.int().min(0),
};

/** NATS header names. */
export const headerNames = {
  traceparent: 'traceparent',
  signature: 'Flotilla-Signature',
} as const;

/** No message is larger; the broker is told the same. */
export const messageBytesMax = 4 * 1024 * 1024;
