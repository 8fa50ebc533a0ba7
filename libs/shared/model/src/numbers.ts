import { z } from 'zod';

/** A number that counts up from nothing. The record keeps it in four bytes, so whatever is larger is no count of ours. */
export const countSchema = z.int().min(0).max(2_147_483_647);

/** A moment as it crosses a wire, in a form that the record takes. */
export const timeSchema = z.iso
  .datetime()
  .max(40)
  .refine((text) => Date.parse(text) >= 0, 'must be a time since 1970');
