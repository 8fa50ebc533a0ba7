import { isoTime } from '@flotilla/foundation';
import { beginText, endText } from '../ledger/exported-chain.ts';
import { storedChain } from '../ledger/stored-chain.ts';
import { pointText } from '../ledger/verdict-page.ts';
import { defineVerb } from '../program/verb.ts';

/** Writes the whole ledger as lines of JSON, from where it begins to its last hash: to be kept where nobody can change it. */
export const ledgerExport = defineVerb({
  examples: ['ledger export > ledger.jsonl'],
  declare: () => undefined,
  run: async (session) => {
    const { anchor, lines } = await storedChain(await session.api());
    session.printExact(beginText(anchor, isoTime(session.now())));
    for (;;) {
      const read = await lines.next();
      session.printExact(read.done ? endText(read.value) : JSON.stringify(read.value));
      if (read.done) return session.note(`ends with ${pointText(read.value)}`);
    }
  },
});
