import { z } from 'zod';
import { allowListSchema } from './allow-list.ts';
import { nameSchema } from '../names.ts';
import { documentSchema } from './common.ts';
import { userNameSchema } from './gate.ts';

/** Owns names, repositories, environments, pipelines and applications. */
export const projectSchema = documentSchema(
  'Project',
  z.strictObject({
    description: z.string().max(1_000).optional(),
    /** What its applications may hold; anything where nothing is said. */
    allow: allowListSchema.optional(),
    /** People by the names that gates call them together: whoever a token is made out to. */
    groups: z.record(nameSchema, z.array(userNameSchema).max(1_000)).optional(),
  }),
);

export type ProjectDocument = z.infer<typeof projectSchema>;
