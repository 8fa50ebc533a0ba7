import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';

interface LiftOptions {
  readonly reason: string;
}

/** Lets a source digest enter again that a rollback went away from. */
export const quarantineLift = defineVerb<LiftOptions>({
  examples: ['quarantine lift checkout 9f86d081 --reason "it was the network"'],
  declare: (command) =>
    void command
      .argument('<application>')
      .argument('<digest>', 'the source digest, or how it begins')
      .requiredOption('--reason <text>', 'why, for the ledger'),
  run: async (session, [application = '', digest = ''], { reason }) => {
    const api = await session.api();
    const { digests } = await sendOrder(api, operations.liftQuarantine, {
      params: { project: api.project },
      body: { application, digest, reason },
    });
    session.print(digests.map((each) => `${visible(application)} ${each} may enter again\n`).join(''));
  },
});
