import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';
import { rememberWait } from '../wait.ts';
import { findReason } from './await-health.ts';

/**
 * Waits until what has to be well first is well. It may take long, so what was done until then is written down, and
 * somebody who looks is told why it takes long.
 */
export const awaitTurn: Step<'Blocked'> = {
  name: 'await turn',
  run: async ({ memory, state, ports }) => {
    const isNew = state.wait.sinceMs === ports.clock.now();
    rememberWait(memory, state.wait);
    if (memory.unsaved) await saveRecord(memory, ports, memory.record);
    // Nothing is well in the moment in which it was applied, and asking why costs four lists.
    const { key } = state.wait;
    if (!isNew && key) await findReason(memory, ports, [key]);
  },
};
