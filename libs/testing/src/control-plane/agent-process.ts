import type { ChildOptions } from '../process/child.ts';
import { plainEnvironment, program } from './programs.ts';

/**
 * A small young generation keeps an idle agent small; source maps would cost it up to 17 MB, for stack traces that name
 * compiled lines instead.
 */
const flags = ['--max-semi-space-size=2'];

/** What the first sync needed goes back to the system once it is free: about 10 MB of an idle agent otherwise stay. */
const frugal = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '65536' };

/** How the agent of a cluster is started: the agent process alone, with its own settings. */
export function agentProcess(settings: NodeJS.ProcessEnv): Pick<ChildOptions, 'command' | 'args' | 'env'> {
  return {
    command: process.execPath,
    args: [...flags, program('agent')],
    env: { ...plainEnvironment(), ...frugal, ...settings },
  };
}
