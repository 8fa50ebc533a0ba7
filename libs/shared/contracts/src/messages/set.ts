import { z } from 'zod';
import { setChangeSchema } from '@flotilla/model';
import { messageHead } from './common.ts';

/** A change of everything that a cluster shall run, signed. */
export const setSchema = z.object({ ...messageHead, ...setChangeSchema.shape });

export type SetMessage = z.infer<typeof setSchema>;
