import { operations } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';
import { commitOf, readStageName } from '../promotion/stage-name.ts';

interface HoldOptions {
  readonly release?: string;
  readonly for?: string;
  readonly reason: string;
  readonly output?: 'json' | 'yaml';
}

/** Lets nothing past a stage, or nothing of one release. */
export const hold = defineVerb<HoldOptions>({
  examples: [
    'hold checkout.production --for 2h --reason "we move the database"',
    'hold checkout.staging --release 1a2b3c4d --reason "ticket 42"',
  ],
  declare: (command) =>
    void command
      .argument('<stage>', 'where: application.environment')
      .option(
        '--release <release>',
        'that one alone, by uid, commit or name; whatever would enter or go on when left out',
      )
      .option('--for <duration>', 'for how long; until somebody says otherwise when left out')
      .requiredOption('--reason <text>', 'why, for the ledger')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], { release, for: time, reason, output }) => {
    const api = await session.api();
    const place = readStageName(name);
    const named = release && { release: commitOf(release, place) };
    const body = { ...place, ...named, reason, ...(time !== undefined && { for: time }) };
    const held = await sendOrder(api, operations.holdStage, { params: { project: api.project }, body });
    if (output) return session.printExact(await structured(held, output));
    const { revision, expiresAt } = held;
    const what = revision ? `${shortCommit(revision)} in ${name}` : name;
    session.print(`stage/${name} held: nothing goes past ${what}${expiresAt ? ` until ${expiresAt}` : ''}\n`);
  },
});
