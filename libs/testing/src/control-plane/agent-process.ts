import { programPlaces } from '../deploy-programs/deploy-programs.ts';
import type { ChildOptions } from '../process/child.ts';
import { plainEnvironment, program } from './programs.ts';

/**
 * A small young generation keeps an idle agent small, and an old one that may grow by a quarter before it is looked through
 * keeps a busy one small: without that the garbage of a first sync stays, more than all that is kept. Source maps would
 * cost up to 17 MB, for stack traces that name compiled lines instead.
 */
const flags = ['--max-semi-space-size=2', '--heap-growing-percent=25'];

/** What the first sync needed goes back to the system once it is free: about 10 MB of an idle agent otherwise stay. */
const frugal = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '65536' };

/** How the agent of a cluster is started: the agent process alone, with its own settings. */
export function agentProcess(settings: NodeJS.ProcessEnv): Pick<ChildOptions, 'command' | 'args' | 'env'> {
  return {
    command: process.execPath,
    args: [...flags, program('agent')],
    env: { ...plainEnvironment(), ...rendering(), ...frugal, ...settings },
  };
}

/** Where `npm run programs:install` puts the programs that render, is on no PATH. */
function rendering(): NodeJS.ProcessEnv {
  const { kustomize, helm } = programPlaces().configured;
  return { ...(kustomize && { KUSTOMIZE_BIN: kustomize }), ...(helm && { HELM_BIN: helm }) };
}
