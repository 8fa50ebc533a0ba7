import { z } from 'zod';

/** What an agent says of the cluster it lives in. For people and canaries; never for choosing where things run. */
export const clusterFactsSchema = z.object({
  kubernetesVersion: z.string().max(64),
  provider: z.string().max(64).optional(),
  /** Where its nodes are, when all of them say the same. */
  region: z.string().max(64).optional(),
  nodes: z.int().min(0).optional(),
  agentVersion: z.string().max(64),
  /** What the agent can do that not every agent can. */
  agentFeatures: z.array(z.string().max(64)).max(64).optional(),
});
export type ClusterFacts = z.infer<typeof clusterFactsSchema>;

/**
 * Whether a cluster is heard. `Pending` was never heard, `Deaf` means that the control plane itself could not hear
 * for a while and so says nothing about the cluster. `Ahead` is heard, and holds a set that this control plane never
 * issued: its database was set back to an older time, so nothing is sent until a person recovers the fleet. `Revoked` is
 * not listened to, because its identities were revoked.
 */
export const connections = ['Pending', 'Connected', 'Ahead', 'Lost', 'Deaf', 'Revoked'] as const;
/** Reads one of the words for being heard. */
export const connectionSchema = z.enum(connections);
export type Connection = z.infer<typeof connectionSchema>;

/** A label that every cluster has: its own name. */
export const clusterNameLabel = 'flotilla.dev/name';
