import { z } from 'zod';
import { chainPointSchema } from '@flotilla/model';

/** The first line of an exported ledger; all between it and the end are lines of the ledger, one JSON text each. */
export const ledgerExportBegin = z.object({
  flotillaLedger: z.literal(1),
  takenAt: z.string(),
  anchor: chainPointSchema,
});

/** The last line: without it the file was cut off. */
export const ledgerExportEnd = z.object({ head: chainPointSchema });
