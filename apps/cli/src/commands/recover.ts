import { operations, type RecoveryPlanView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { sendOrder, type Api } from '../api.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { askPerson } from '../program/ask-person.ts';
import { defineVerb } from '../program/verb.ts';
import { recoveryPage } from '../recovery/recovery-page.ts';
import type { Session } from '../session.ts';

interface RecoverOptions {
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output?: 'json' | 'yaml';
}

/** Goes on after the database was restored: shows what that changes, and opens the epoch in which all is sent anew. */
export const recover = defineVerb<RecoverOptions>({
  examples: ['recover --dry-run', 'recover --reason "restored the backup of Monday"', 'recover --yes -o json'],
  declare: (command) =>
    void command
      .option('--reason <text>', 'why, for the ledger', 'the database was restored')
      .option('--dry-run', 'show the plan, and change nothing')
      .option('-y, --yes', 'do not ask')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, _, { reason, dryRun = false, yes = false, output }) => {
    const api = await session.api();
    const plan = await api.client.call(operations.planRecovery, {});
    if (output) session.printExact(await structured(plan, output));
    else session.print(formatPage(recoveryPage(plan, session.now())));
    if (plan.ahead.length === 0 && !plan.restored) return settled(session, 'no cluster is ahead: nothing to recover');
    if (dryRun) return exitCodes.ok;
    if (!yes && !(await askPerson(session, questionOf(plan)))) return exitCodes.failure;
    return settled(session, await order(api, plan, reason));
  },
});

function questionOf({ ahead, clusters, epoch }: RecoveryPlanView): string {
  if (ahead.length === 0) return `no cluster is ahead: let the restored database go on in epoch ${epoch}`;
  return `open epoch ${epoch + 1} or later and send ${counted(clusters, 'cluster')} their whole sets; nothing is deleted by it`;
}

async function order(api: Api, { epoch }: RecoveryPlanView, reason: string): Promise<string> {
  const recovered = await sendOrder(api, operations.recover, { body: { epoch, reason } });
  if (recovered.opened) return `epoch ${recovered.epoch} is open; every cluster is sent its set`;
  if (recovered.epoch === epoch) return `epoch ${epoch} goes on; every cluster is looked at`;
  return `somebody had opened epoch ${recovered.epoch} already`;
}

function settled(session: Session, text: string): number {
  session.note(text);
  return exitCodes.ok;
}
