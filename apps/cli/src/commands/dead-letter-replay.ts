import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { deadLetter } from '../nouns/dead-letter.ts';
import { visible } from '../output/visible.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

/** Hands dead letters in again, at the door where they were refused. One that is refused again is there again. */
export const deadLetterReplay = defineVerb({
  examples: ['deadletter replay 01jd3v9k2m', 'deadletter replay plan.01hx2v7c5q'],
  declare: (command) => void command.argument('<id...>'),
  complete: (session) => namesOf(session, deadLetter),
  run: async (session, ids) => {
    const api = await session.api();
    for (const id of ids) {
      await sendOrder(api, operations.replayDeadLetter, { params: { project: api.project, id } });
      session.print(`deadletter/${visible(id)} handed in again`);
    }
  },
});
