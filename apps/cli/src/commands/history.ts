import { declareGet, getThings, type GetOptions } from './get.ts';
import { deployment } from '../nouns/deployment.ts';
import { readFilters, type FilterOptions } from '../nouns/filters.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { choosing, chooseTargets } from '../targets/choose-targets.ts';

/** What was deployed, newest first, and what became of it. */
export const history = defineVerb<GetOptions>({
  examples: [
    'history target checkout.production.eu-1',
    'history application checkout --environment production',
    'history cluster eu-1 --limit 20 -o wide',
  ],
  declare: (command) => declareGet(command.argument('[noun]').argument('[name]')),
  complete: nounThenNames(choosing),
  run: async (session, args, options) => {
    const choice = args.length > 0 ? (await chooseTargets(await session.api(), args, options))[0] : undefined;
    const filters = readFilters(deployment, { ...options, ...choice } as FilterOptions);
    await getThings(session, { noun: deployment, names: [], filters, options });
  },
});
