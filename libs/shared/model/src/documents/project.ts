import { z } from 'zod';
import { allowListSchema } from './allow-list.ts';
import { documentSchema } from './common.ts';

/** Owns names, repositories, environments, pipelines and applications. */
export const projectSchema = documentSchema(
  'Project',
  z.strictObject({
    description: z.string().max(1_000).optional(),
    /** What its applications may hold; anything where nothing is said. */
    allow: allowListSchema.optional(),
  }),
);

export type ProjectDocument = z.infer<typeof projectSchema>;
