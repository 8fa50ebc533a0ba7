import { operations } from '@flotilla/contracts';
import type { RolloutOrder } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { defineVerb } from '../program/verb.ts';
import { readStageName } from '../promotion/stage-name.ts';

/** Admits nobody else; who has begun goes on. */
export const rolloutPause = steerVerb('pause');
/** Goes on after a pause, or after failures that somebody has looked at. */
export const rolloutResume = steerVerb('resume');
/** Ends it: who was admitted keeps the release, nobody else gets it. */
export const rolloutAbort = steerVerb('abort');
/** Has what failed tried again, and goes on; also where somebody aborted it. */
export const rolloutRetry = steerVerb('retry', 'optional');
/** Passes a cluster by: what runs there stays until the next rollout. */
export const rolloutSkip = steerVerb('skip', 'required');

interface SteerOptions {
  readonly cluster?: string;
  readonly rollout?: string;
}

function steerVerb(order: RolloutOrder, cluster?: 'optional' | 'required') {
  return defineVerb<SteerOptions>({
    examples: [`rollout ${order} checkout.production${cluster ? ' --cluster eu-1' : ''}`],
    declare: (command) => {
      command.argument('<application.environment>', 'whose rollout, and where');
      command.option('--rollout <uid>', 'which of several that are open, as beside a rollback; the newest');
      if (cluster === 'required') command.requiredOption('--cluster <name>', 'which cluster');
      if (cluster === 'optional') command.option('--cluster <name>', 'only this cluster');
    },
    run: async (session, [name = ''], options) => {
      const api = await session.api();
      const { state, clusters } = await sendOrder(api, operations.steerRollout, {
        params: { project: api.project, ...readStageName(name), order },
        body: {
          ...(options.cluster && { cluster: options.cluster }),
          ...(options.rollout && { rollout: options.rollout }),
        },
      });
      const about = clusters.length > 0 ? `: ${clusters.join(', ')}` : '';
      session.print(`rollout ${name} ${state}${about}`);
    },
  });
}
