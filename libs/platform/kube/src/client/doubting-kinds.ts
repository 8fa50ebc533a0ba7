import { Fault } from '@flotilla/foundation';
import type { KindCatalog } from '../discovery/kind-catalog.ts';

/** Runs a call whose path comes from the table of kinds; when the server denies the path, the table is read again. */
export async function doubtingKinds<Result>(kinds: KindCatalog, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof Fault && error.reason === 'KindUnknown') kinds.doubt();
    throw error;
  }
}
