import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { requireItem } from '../nouns/find-item.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { repository } from '../nouns/repository.ts';
import { outputOption } from '../output/output-option.ts';
import { nounThenNames } from '../program/candidates.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';
import { brokenFor, type GlassOptions } from '../targets/broken-glass.ts';
import { choosing, declareChoice } from '../targets/choose-targets.ts';
import { orderTargets, type OrderOptions } from '../targets/order-targets.ts';

interface SyncOptions extends OrderOptions, GlassOptions {
  readonly reason?: string;
}

/** Looks at Git again and applies everything once more; of a repository, only looks. */
export const sync = defineVerb<SyncOptions>({
  examples: [
    'sync application checkout',
    'sync target checkout.production.eu-1',
    'sync --environment staging --cluster eu-1',
    'sync repository shop',
    'sync application checkout --environment production --break-glass --reason "fix for incident 42"',
  ],
  declare: (command) =>
    void declareChoice(command)
      .option('--break-glass', 'let the newest release pass the freezes there, and nothing else')
      .option('--reason <text>', 'why the glass is broken')
      .option('--for <duration>', 'for how long it stays broken; 1h')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames([...choosing, repository]),
  run: async (session, args, options) => {
    if (isRepository(args[0])) return lookAtRepositories(session, readNamed(args, [repository]).names);
    const lasting = brokenFor(options);
    if (lasting !== undefined) return breakGlass(session, args, { ...options, for: lasting });
    await orderTargets(session, {
      args,
      options,
      word: 'is applied once more',
      send: (api, body) => sendOrder(api, operations.syncTargets, { params: { project: api.project }, body }),
    });
  },
});

/** For the newest release only: what is pushed later is held by the freeze again. */
async function breakGlass(
  session: Session,
  args: readonly string[],
  options: SyncOptions & { readonly for: string },
): Promise<void> {
  const { reason, for: lasting } = options;
  if (!reason) throw new InputFault([{ path: '--reason', message: 'say why the glass is broken, for the ledger' }]);
  await orderTargets(session, {
    args,
    options,
    word: 'may take what waits for it',
    send: (api, choice) =>
      sendOrder(api, operations.breakGlass, {
        params: { project: api.project },
        body: { choice, reason, for: lasting },
      }),
  });
}

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
