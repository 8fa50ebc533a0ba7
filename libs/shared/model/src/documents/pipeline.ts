import { z } from 'zod';
import { documentSchema } from './common.ts';
import { stageProblems } from './stage-graph.ts';
import { stageSchema } from './stage.ts';

/** The graph of more is nobody's reading, and takes its time to look through. */
const stagesMax = 100;

/** Stages in order: the environments that a release walks through. */
export const pipelineSchema = documentSchema(
  'Pipeline',
  z.strictObject({
    stages: z
      .array(stageSchema)
      .min(1, 'must have at least one stage')
      .max(stagesMax, `must have ${stagesMax} stages at most`)
      .superRefine((stages, context) => {
        if (stages.length > stagesMax) return;
        for (const { path, message } of stageProblems(stages)) {
          context.addIssue({ code: 'custom', message, path: [...path] });
        }
      }),
  }),
);

export type PipelineDocument = z.infer<typeof pipelineSchema>;
