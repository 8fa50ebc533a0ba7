import { findFailure } from '../../live/find-failure.ts';
import { withRun } from '../hook-runs.ts';
import type { HookStanding } from '../hook-standing.ts';
import { saveRecord } from '../save-record.ts';
import type { Step, StepPorts } from '../step.ts';

/** Writes down how hooks ended, and why one failed: its object, and with it everybody's memory, may go after this. */
export const endHooks: Step<'HooksOver'> = {
  name: 'end hooks',
  run: async ({ memory, state, ports }) => {
    let { record } = memory;
    for (const standing of state.hooks) {
      if (standing.state.name !== 'over') continue;
      const { ended } = standing.state;
      const why = ended === 'failed' ? await whyFailed(standing, ports) : undefined;
      record = withRun(record, { ...standing.run!, ended, why });
    }
    memory.failure = undefined;
    await saveRecord(memory, ports, record);
  },
};

/** The failing container says more than the Job that it belongs to. */
async function whyFailed({ state, live }: HookStanding, { cluster }: StepPorts): Promise<string | undefined> {
  const own = state.name === 'over' ? state.why : undefined;
  const found = live && (await findFailure(cluster, live));
  return [own, found?.message].filter((text) => text !== undefined).join('; ');
}
