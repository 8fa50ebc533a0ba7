import { Fault } from '@flotilla/foundation';

/** What a task failed with: reason, what it failed on and what follows, as one value to compare. */
export async function faultOf(task: Promise<unknown>): Promise<{ reason: string; subject?: string; follows: string }> {
  try {
    await task;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { reason, subject, consequence } = error;
    return { reason, ...(subject !== undefined && { subject }), follows: consequence.kind };
  }
  throw new Error('nothing failed');
}
