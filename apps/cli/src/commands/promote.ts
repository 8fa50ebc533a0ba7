import { operations } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';
import { commitOf } from '../promotion/stage-name.ts';
import { orderDiffText } from '../targets/order-diff-text.ts';

interface PromoteOptions {
  readonly to: string;
  readonly release?: string;
  readonly reason?: string;
  readonly instead?: boolean;
  readonly dryRun?: boolean;
  readonly output?: 'json' | 'yaml';
}

/** Has a release enter a stage as soon as its gates let it in. */
export const promote = defineVerb<PromoteOptions>({
  examples: [
    'promote checkout --to production --reason "ticket 42"',
    'promote checkout --to production --release 1a2b3c4d --reason "ticket 42"',
    'promote checkout --to production --dry-run',
    'promote checkout --to production --instead --reason "it mends the last one"',
  ],
  declare: (command) =>
    void command
      .argument('<application>', 'whose release')
      .requiredOption('--to <environment>', 'the stage that it enters')
      .option('--release <release>', 'which one, by uid, commit or name; the newest that could go when left out')
      .option('--reason <text>', 'why, for the ledger')
      .option('--instead', 'in place of what somebody else promoted, and of a rollout that is under way')
      .option('--dry-run', 'show what it would change in clusters, as their agents say it, and promote nothing')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [application = ''], { to, release, reason, instead, dryRun, output }) => {
    const api = await session.api();
    const params = { project: api.project };
    const named = release && commitOf(release, { application, environment: to });
    const place = { application, environment: to };
    const which = named && { release: named };
    if (dryRun) {
      session.progress.show('asking agents what would change in their clusters …');
      const body = { ...place, ...which };
      const changes = await api.client.call(operations.diffPromotion, { params, body });
      if (output) return session.printExact(await structured(changes, output));
      return session.print(orderDiffText(changes, session.tones));
    }
    if (!reason) throw new InputFault([{ path: '--reason', message: 'say why, for the ledger' }]);
    const body = { ...place, reason, ...which, ...(instead && { instead }) };
    const promoted = await sendOrder(api, operations.promote, { params, body });
    if (output) return session.printExact(await structured(promoted, output));
    const { revision, replaced } = promoted;
    if (replaced) session.note(`in place of what ${visible(replaced)} promoted`);
    session.print(`release/${visible(application)}-${shortCommit(revision)} promoted to ${to}\n`);
    session.note(`what it waits for: flotilla describe stage ${application}.${to}`);
  },
});
