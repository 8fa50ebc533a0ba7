import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { choosing, declareChoice } from '../targets/choose-targets.ts';
import { orderTargets, type OrderOptions } from '../targets/order-targets.ts';

interface SuspendOptions extends OrderOptions {
  readonly reason: string;
}

/** Stops every write to some targets, until somebody resumes them. */
export const suspend = defineVerb<SuspendOptions>({
  examples: [
    'suspend target checkout.production.eu-1 --reason "incident 42"',
    'suspend application checkout --environment production --reason "data migration"',
    'suspend cluster eu-1 --reason "node upgrade"',
  ],
  declare: (command) =>
    void declareChoice(command)
      .requiredOption('--reason <text>', 'why, for whoever finds it suspended')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames(choosing),
  run: (session, args, options) =>
    orderTargets(session, {
      args,
      options,
      word: 'suspended',
      send: (api, choice) =>
        sendOrder(api, operations.suspendTargets, {
          params: { project: api.project },
          body: { choice, reason: options.reason },
        }),
    }),
});
