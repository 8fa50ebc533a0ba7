import { isoTime } from '@flotilla/foundation';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/** Writes down that a sync begins, and whether a person asked for it, before it changes anything. */
export const beginSync: Step<'Beginning'> = {
  name: 'begin sync',
  run: async ({ memory, state: { order }, ports }) => {
    const manual = memory.isAsked || memory.isManual;
    const begun = { order, at: isoTime(ports.clock.now()), ...(manual && { manual }) };
    await saveRecord(memory, ports, { ...memory.record, begun });
  },
};
