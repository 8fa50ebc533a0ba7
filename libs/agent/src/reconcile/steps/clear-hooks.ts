import type { Step } from '../step.ts';
import { pruneItems } from './prune-leftovers.ts';

/** Deletes the objects of hooks whose delete policy says that they go by now. */
export const clearHooks: Step<'HooksSpent'> = {
  name: 'clear hooks',
  run: async ({ memory, state, ports }) => {
    await pruneItems(state.items, memory, ports);
    memory.pendingHooks = memory.pending.length;
  },
};
