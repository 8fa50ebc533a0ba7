import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { branchSchema, documentSchema } from './common.ts';

/** What a stage follows in Git: exactly one branch or one tag of one repository. */
const trackSchema = z
  .strictObject({ repository: nameSchema, branch: branchSchema.optional(), tag: branchSchema.optional() })
  .refine((track) => (track.branch === undefined) !== (track.tag === undefined), {
    message: 'must name either a branch or a tag',
  });

export type Track = z.infer<typeof trackSchema>;

const stageSchema = z.strictObject({ environment: nameSchema, track: trackSchema });

export type Stage = z.infer<typeof stageSchema>;

/** Stages in order: the environments that a release walks through. */
export const pipelineSchema = documentSchema(
  'Pipeline',
  z.strictObject({
    stages: z
      .array(stageSchema)
      .min(1, 'must have at least one stage')
      .superRefine((stages, context) => {
        const seen = new Set<string>();
        stages.forEach(({ environment }, index) => {
          if (seen.has(environment)) {
            const message = `environment ${environment} already has a stage in this pipeline`;
            context.addIssue({ code: 'custom', message, path: [index, 'environment'] });
          }
          seen.add(environment);
        });
      }),
  }),
);

export type PipelineDocument = z.infer<typeof pipelineSchema>;

/** The full name of the ref that a stage tracks. */
export function trackedRef(track: Track): string {
  return track.branch === undefined ? `refs/tags/${track.tag}` : `refs/heads/${track.branch}`;
}
