import { z } from 'zod';

/** Why somebody orders something: it is kept, shown and told, so it holds nothing that no record can keep. */
export const whySchema = z
  .string()
  .min(1, 'must say why')
  .max(1_000)
  .refine(
    (text) => !text.includes('\0') && text.isWellFormed(),
    'must not hold the character zero or half a character',
  );
