import { z } from 'zod';
import { labelSelectorSchema } from '../selector.ts';
import { documentSchema } from './common.ts';

/** A named set of clusters, chosen by the labels that the control plane keeps, never by what an agent says of itself. */
export const environmentSchema = documentSchema('Environment', z.strictObject({ clusters: labelSelectorSchema }));

export type EnvironmentDocument = z.infer<typeof environmentSchema>;
