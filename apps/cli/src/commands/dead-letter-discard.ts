import { operations } from '@flotilla/contracts';
import { deadLetter } from '../nouns/dead-letter.ts';
import { visible } from '../output/visible.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

/** Throws dead letters away. Work that is thrown away is looked at again when something marks it. */
export const deadLetterDiscard = defineVerb({
  examples: ['deadletter discard 01jd3v9k2m', 'deadletter discard 01jd3v9k2m 01jd3va07c'],
  declare: (command) => void command.argument('<id...>'),
  complete: (session) => namesOf(session, deadLetter),
  run: async (session, ids) => {
    const { client, project } = await session.api();
    for (const id of ids) {
      await client.call(operations.discardDeadLetter, { params: { project, id } });
      session.print(`deadletter/${visible(id)} discarded`);
    }
  },
});
