import { z } from 'zod';
import { uidSchema } from './names.ts';
import { reasonSchema } from './status.ts';

/** What an agent can do beyond what every agent can; it says so, and is asked for nothing that it does not name. */
export const agentFeatures = { upgrade: 'agent-upgrade', preview: 'preview' } as const;

/** An image by its digest: what its tag means today or tomorrow does not matter. */
export const agentImageSchema = z
  .string()
  .max(512)
  .regex(
    /^[a-z0-9]+([._:/-]+[a-zA-Z0-9]+)*@sha256:[0-9a-f]{64}$/,
    'must be an image by its digest: registry/name:tag@sha256:…',
  );

/** Reads the version of an agent, as it says it itself. */
export const agentVersionSchema = z
  .string()
  .max(64)
  .regex(/^[0-9A-Za-z][0-9A-Za-z.+-]*$/, 'must be a version such as 0.2.0');

/** How long a new agent may take to prove itself, and the bounds of that. */
export const upgradeDeadline = { defaultSeconds: 600, minSeconds: 5, maxSeconds: 7_200 } as const;

/**
 * The agent that a cluster shall run from now on. It travels signed with the cluster's set; an upgrade is tried once and
 * never again, so a wish that stands does not make an agent go round in circles.
 */
export const wishedAgentSchema = z.object({
  upgrade: uidSchema,
  image: agentImageSchema,
  version: agentVersionSchema,
  deadlineSeconds: z.int().min(upgradeDeadline.minSeconds).max(upgradeDeadline.maxSeconds),
});
export type WishedAgent = z.infer<typeof wishedAgentSchema>;

/**
 * How far an agent has come with what is wished of it. `Working`: being done, here or by its successor. `Done`: the new
 * agent speaks, and has said all it knows. `Failed`: the old agent runs. `Unable`: nothing was tried, nothing can be.
 */
export const upgradeProgressSchema = z.object({
  upgrade: uidSchema,
  state: z.enum(['Working', 'Done', 'Failed', 'Unable']),
  reason: reasonSchema.optional(),
});
export type UpgradeProgress = z.infer<typeof upgradeProgressSchema>;

/** `Halted`: too much failed, a person decides. `Paused`: a person did. Only `Running` begins anything. */
export const agentUpgradeStates = ['Running', 'Paused', 'Halted', 'Finished', 'Aborted'] as const;
export type AgentUpgradeState = (typeof agentUpgradeStates)[number];

/** Whether an upgrade has still something to do or to decide. */
export function isOpenUpgrade(state: AgentUpgradeState): boolean {
  return state !== 'Finished' && state !== 'Aborted';
}

/** Where one cluster is in an agent upgrade. */
export const upgradeStepStates = ['Waiting', 'Upgrading', 'Upgraded', 'Failed', 'Skipped'] as const;
export type UpgradeStepState = (typeof upgradeStepStates)[number];

/** What a person may do to an agent upgrade that is under way. */
export const upgradeOrders = ['pause', 'resume', 'abort'] as const;
export type UpgradeOrder = (typeof upgradeOrders)[number];

/** What a person asks for: which agent, on which clusters, how many at once, and how much may fail. */
export const upgradeRequestSchema = z.object({
  image: agentImageSchema,
  version: agentVersionSchema,
  /** kubectl's selector on the labels of clusters; every cluster when absent. */
  selector: z.string().max(2_000).optional(),
  atOnce: z.int().min(1).max(100).default(1),
  failuresMax: z.int().min(0).max(1_000).default(0),
  deadlineSeconds: wishedAgentSchema.shape.deadlineSeconds.default(upgradeDeadline.defaultSeconds),
});
export type UpgradeRequest = z.output<typeof upgradeRequestSchema>;

/** The version that the tag of an image names, when it names one: `:0.2.0@sha256:…`. */
export function versionOfImage(image: string): string | undefined {
  return /:v?(\d[0-9A-Za-z.+-]*)@sha256:/.exec(image)?.[1];
}
