import { operations } from '@flotilla/contracts';
import { deadLetter } from '../nouns/dead-letter.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

/** Writes what a dead letter holds, exactly as it came. Whoever sent it chose every byte: on a terminal they are only shown. */
export const deadLetterShow = defineVerb({
  examples: ['deadletter show 01jd3v9k2m', 'deadletter show 01jd3v9k2m | jq .'],
  declare: (command) => void command.argument('<id>'),
  complete: async (session, args) => (args.length === 0 ? namesOf(session, deadLetter) : []),
  run: async (session, [id = '']) => {
    const { client, project } = await session.api();
    const { bytes, content } = await client.call(operations.getDeadLetter, { params: { project, id } });
    const kept = Buffer.from(content, 'base64');
    if (kept.length < bytes) session.note(`the first ${kept.length} of ${bytes} bytes`);
    session.printExact(kept.toString('utf8'));
  },
});
