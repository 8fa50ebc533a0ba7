import { z } from 'zod';
import { documentSchema } from './common.ts';

/** Owns names, repositories, environments, pipelines and applications. */
export const projectSchema = documentSchema(
  'Project',
  z.strictObject({ description: z.string().max(1_000).optional() }),
);

export type ProjectDocument = z.infer<typeof projectSchema>;
