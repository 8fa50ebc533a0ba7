import { z } from 'zod';
import { documentSchema } from './common.ts';
import { stageProblems } from './stage-graph.ts';
import { stageSchema } from './stage.ts';

/** Stages in order: the environments that a release walks through. */
export const pipelineSchema = documentSchema(
  'Pipeline',
  z.strictObject({
    stages: z
      .array(stageSchema)
      .min(1, 'must have at least one stage')
      .superRefine((stages, context) => {
        for (const { path, message } of stageProblems(stages)) {
          context.addIssue({ code: 'custom', message, path: [...path] });
        }
      }),
  }),
);

export type PipelineDocument = z.infer<typeof pipelineSchema>;
