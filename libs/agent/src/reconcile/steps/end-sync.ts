import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/** Writes down that the sync is over: what comes next is another one, and keeps to its window. */
export const endSync: Step<'SyncOver'> = {
  name: 'end sync',
  run: async ({ memory, ports }) => {
    const { begun: _, ...record } = memory.record;
    await saveRecord(memory, ports, record);
  },
};
