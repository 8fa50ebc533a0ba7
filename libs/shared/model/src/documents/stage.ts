import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { branchSchema, repositoryPathSchema } from './common.ts';
import { gateSchema, gatesSchema } from './gate.ts';

/** What a stage follows in Git: exactly one branch or one tag of one repository. */
const trackSchema = z
  .strictObject({ repository: nameSchema, branch: branchSchema.optional(), tag: branchSchema.optional() })
  .refine((track) => (track.branch === undefined) !== (track.tag === undefined), {
    message: 'must name either a branch or a tag',
  });

export type Track = z.infer<typeof trackSchema>;

/** Whether a release enters as soon as it may, or once somebody says so. */
export const promotionModes = ['auto', 'manual'] as const;
export type PromotionMode = (typeof promotionModes)[number];

/** The folder of records where a stage names none. */
export const recordFolderDefault = '.flotilla/releases';

/** Where it is written down in Git what a stage runs: a file for each application, below a folder. */
const recordSchema = z.strictObject({
  repository: nameSchema,
  branch: branchSchema,
  folder: repositoryPathSchema.optional(),
});

export type StageRecordPlace = z.infer<typeof recordSchema>;

/** The file that says what an environment runs; projects that share a repository have folders of their own. */
export function recordPath(
  { folder }: StageRecordPlace,
  { project, application, environment }: Readonly<Record<'project' | 'application' | 'environment', string>>,
): string {
  const file = `${project}/${application}/${environment}.yaml`;
  return folder === '.' ? file : `${folder ?? recordFolderDefault}/${file}`;
}

/** Why something is written down: it is to enter, it runs there, or the stage was taken back to it. */
export const recordCauses = ['promotion', 'standing', 'rollback'] as const;
export type RecordCause = (typeof recordCauses)[number];

/** How a release enters a stage after others: as soon as it may, or once a record of it stands in Git. */
export const stageModes = ['direct', 'pin'] as const;

/** An environment in a pipeline: it tracks Git, or it comes after others. */
export const stageSchema = z.strictObject({
  environment: nameSchema,
  track: trackSchema.optional(),
  /** The environments whose stages a release has to have finished in. */
  after: z.array(nameSchema).min(1).max(20).optional(),
  promote: z.enum(promotionModes).optional(),
  mode: z.enum(stageModes).optional(),
  record: recordSchema.optional(),
  gates: gatesSchema(gateSchema).max(20).optional(),
});

export type Stage = z.infer<typeof stageSchema>;

/** The full name of the ref that a stage tracks. */
export function trackedRef(track: Track): string {
  return track.branch === undefined ? `refs/tags/${track.tag}` : `refs/heads/${track.branch}`;
}
