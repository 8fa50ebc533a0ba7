import { z } from 'zod';
import { reasonSchema, repairStates } from '@flotilla/model';
import { filterText, inProject, nounView, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** What a rollback takes back in Git: one branch of one repository, and how far that has come. */
export const repairView = nounView(
  'Repair',
  z.object({
    rollback: z.string(),
    repository: z.string(),
    branch: z.string(),
    applications: z.array(z.string()),
    paths: z.array(z.string()),
    goodRevision: z.string(),
    badRevision: z.string(),
    reason: z.string(),
    actor: z.string(),
  }),
  z.object({
    state: z.enum(repairStates),
    attempts: z.int(),
    /** The commit that takes it back. */
    revert: z.string().optional(),
    /** Of the pull request. */
    url: z.string().optional(),
    /** Files that changed after the bad revision as well. */
    conflicts: z.array(z.string()),
    /** Why it waits, or why nothing more is tried. */
    reason: reasonSchema.optional(),
  }),
);

export type RepairView = z.infer<typeof repairView>;

export const repairOperations = {
  listRepairs: operation({
    method: 'GET',
    path: `${inProject}/repairs`,
    summary: 'What rollbacks take back in Git, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ repository: filterText(63).optional() }),
    response: pageOf(repairView),
  }),
} as const;
