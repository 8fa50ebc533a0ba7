import { isoTime } from '@flotilla/foundation';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/** Writes down that the target goes back by itself, and why, before anything of it is done. */
export const retreat: Step<'RetreatDue'> = {
  name: 'retreat',
  run: async ({ memory, state, ports }) => {
    const { release, sourceDigest, source, syncRequest } = memory.ordered!;
    const retreated = {
      from: { release, sourceDigest, revision: source.revision },
      to: state.to.sourceDigest,
      at: isoTime(ports.clock.now()),
      why: memory.failure?.reason.message ?? 'it was not well',
      ...(syncRequest !== undefined && { syncRequest }),
    };
    await saveRecord(memory, ports, { ...memory.record, retreat: retreated });
  },
};
