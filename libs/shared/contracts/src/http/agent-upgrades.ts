import { z } from 'zod';
import {
  agentUpgradeStates,
  reasonSchema,
  upgradeOrders,
  upgradeRequestSchema,
  upgradeStepStates,
} from '@flotilla/model';
import { inProject, nounView, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** A new agent on its way into clusters, a few at a time, and how far it has come in each. */
export const agentUpgradeView = nounView(
  'AgentUpgrade',
  z.object({
    image: z.string(),
    version: z.string(),
    selector: z.string().optional(),
    atOnce: z.int(),
    failuresMax: z.int(),
    deadlineSeconds: z.int(),
  }),
  z.object({
    state: z.enum(agentUpgradeStates),
    /** Why it halted. */
    reason: reasonSchema.optional(),
    finishedAt: z.string().optional(),
    steps: z.array(
      z.object({
        cluster: z.string(),
        state: z.enum(upgradeStepStates),
        since: z.string(),
        reason: reasonSchema.optional(),
      }),
    ),
  }),
);

export type AgentUpgradeView = z.infer<typeof agentUpgradeView>;

export const agentUpgradeOperations = {
  listAgentUpgrades: operation({
    method: 'GET',
    path: `${inProject}/agent-upgrades`,
    summary: 'List agent upgrades, the newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery,
    response: pageOf(agentUpgradeView),
  }),
  openAgentUpgrade: operation({
    method: 'POST',
    path: `${inProject}/agent-upgrades`,
    summary: 'Bring another agent into clusters, a few at a time; one upgrade is open at a time',
    permission: 'admin',
    params: projectParams,
    body: upgradeRequestSchema,
    response: agentUpgradeView,
    status: 201,
  }),
  steerAgentUpgrade: operation({
    method: 'POST',
    path: `${inProject}/agent-upgrades/{order}`,
    summary: 'Pause, resume or abort the agent upgrade that is open',
    permission: 'admin',
    params: projectParams.extend({ order: z.enum(upgradeOrders) }),
    response: agentUpgradeView,
    status: 202,
  }),
} as const;
