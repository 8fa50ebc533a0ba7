import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { choosing, declareChoice } from '../targets/choose-targets.ts';
import { orderTargets, type OrderOptions } from '../targets/order-targets.ts';

/** Lifts a suspension that was ordered here; one that was set in a cluster is lifted there. */
export const resume = defineVerb<OrderOptions>({
  examples: ['resume target checkout.production.eu-1', 'resume application checkout --environment production'],
  declare: (command) => void declareChoice(command).addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames(choosing),
  run: (session, args, options) =>
    orderTargets(session, {
      args,
      options,
      word: 'resumed',
      send: (api, body) => sendOrder(api, operations.resumeTargets, { params: { project: api.project }, body }),
    }),
});
