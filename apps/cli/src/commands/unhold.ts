import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';
import { commitOf, readStageName } from '../promotion/stage-name.ts';

interface UnholdOptions {
  readonly release?: string;
  readonly reason: string;
  readonly output?: 'json' | 'yaml';
}

/** Lets go on what is held in a stage. */
export const unhold = defineVerb<UnholdOptions>({
  examples: [
    'unhold checkout.production --reason "it is moved"',
    'unhold checkout.staging --release 1a2b3c4d --reason "it was something else"',
  ],
  declare: (command) =>
    void command
      .argument('<stage>', 'where: application.environment')
      .option('--release <release>', 'that one alone, by uid, commit or name; all that is held there when left out')
      .requiredOption('--reason <text>', 'why, for the ledger')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], { release, reason, output }) => {
    const api = await session.api();
    const place = readStageName(name);
    const body = { ...place, ...(release && { release: commitOf(release, place) }), reason };
    const ended = await sendOrder(api, operations.unholdStage, { params: { project: api.project }, body });
    if (output) return session.printExact(await structured(ended, output));
    const { length } = ended.holds;
    session.print(`stage/${name} goes on: ${length} ${length === 1 ? 'hold' : 'holds'} ended\n`);
  },
});
