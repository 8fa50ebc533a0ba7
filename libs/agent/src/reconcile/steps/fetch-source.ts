import type { Step } from '../step.ts';
import { withBundle } from '../../keep/target-record.ts';

/** Pulls exactly the commit and paths that the entry names. They are kept in memory until the record is written. */
export const fetchSource: Step<'SourceMissing'> = {
  name: 'fetch source',
  run: async ({ memory, ports }) => {
    const { source, sourceDigest, render, clusterLabels } = memory.entry!;
    const files = await ports.sources.read(source);
    const bundle = {
      sourceDigest,
      source,
      ...(render && { render }),
      ...(clusterLabels && { clusterLabels }),
      files: files.map(({ path, content }) => ({ path, content: Buffer.from(content).toString('base64') })),
    };
    memory.record = withBundle(memory.record, bundle, memory.runsWell);
  },
};
