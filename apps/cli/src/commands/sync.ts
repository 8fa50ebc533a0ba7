import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { requireItem } from '../nouns/find-item.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { repository } from '../nouns/repository.ts';
import { outputOption } from '../output/output-option.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';
import { choosing, declareChoice } from '../targets/choose-targets.ts';
import { orderTargets, type OrderOptions } from '../targets/order-targets.ts';

/** Looks at Git again and applies everything once more; of a repository, only looks. */
export const sync = defineVerb<OrderOptions>({
  examples: [
    'sync application checkout',
    'sync target checkout.production.eu-1',
    'sync --environment staging --cluster eu-1',
    'sync repository shop',
  ],
  declare: (command) => void declareChoice(command).addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames([...choosing, repository]),
  run: async (session, args, options) => {
    if (isRepository(args[0])) return lookAtRepositories(session, readNamed(args, [repository]).names);
    await orderTargets(session, {
      args,
      options,
      word: 'is applied once more',
      send: (api, body) => sendOrder(api, operations.syncTargets, { params: { project: api.project }, body }),
    });
  },
});

async function lookAtRepositories(session: Session, names: readonly string[]): Promise<void> {
  const api = await session.api();
  for (const name of names) await requireItem(api, repository, name);
  for (const name of names) {
    await sendOrder(api, operations.lookAtRepository, { params: { project: api.project, name } });
    session.print(`repository/${name} is looked at`);
  }
}

function isRepository(word = ''): boolean {
  const { singular, plural, short } = repository;
  return [singular, plural, ...short].includes(word.split('/')[0]!.toLowerCase());
}
