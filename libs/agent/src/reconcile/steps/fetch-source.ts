import { withBundle } from '../../keep/target-record.ts';
import { fetchBundle } from '../fetch-bundle.ts';
import type { Step } from '../step.ts';

/** Pulls what the entry names. It is kept in memory until the record is written. */
export const fetchSource: Step<'SourceMissing'> = {
  name: 'fetch source',
  run: async ({ memory, ports }) => {
    const bundle = await fetchBundle(memory.entry!, ports.sources);
    memory.record = withBundle(memory.record, bundle, memory.runsWell);
  },
};
