import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { choosing, declareChoice } from '../targets/choose-targets.ts';
import { orderTargets, type OrderOptions } from '../targets/order-targets.ts';

interface UnpinOptions extends OrderOptions {
  readonly forward?: boolean;
  readonly reason: string;
}

/** Lets targets go on that a rollback holds. */
export const unpin = defineVerb<UnpinOptions>({
  examples: [
    'unpin application checkout --environment production --forward --reason "fixed in 1a2b3c4d"',
    'unpin target checkout.production.eu-1 --reason "it was the network"',
  ],
  declare: (command) =>
    void declareChoice(command)
      .option('--forward', 'only if something newer has come that is not in quarantine')
      .requiredOption('--reason <text>', 'why, for the ledger')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames(choosing),
  run: (session, args, options) =>
    orderTargets(session, {
      args,
      options,
      word: options.forward ? 'goes forward' : 'is held no more',
      send: (api, choice) =>
        sendOrder(api, operations.unpinTargets, {
          params: { project: api.project },
          body: { choice, forward: options.forward ?? false, reason: options.reason },
        }),
    }),
});
