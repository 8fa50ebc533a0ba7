import { saveRecord } from '../save-record.ts';
import type { StepContext } from '../step.ts';

/** Writes down what is not written yet, where nothing else may be done: the record is no part of what runs. */
export const keepRecord = {
  name: 'keep record',
  run: async ({ memory, ports }: Pick<StepContext, 'memory' | 'ports'>): Promise<void> => {
    if (memory.unsaved) await saveRecord(memory, ports, memory.record);
  },
};
