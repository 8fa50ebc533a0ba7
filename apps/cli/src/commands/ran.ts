import { isoTime } from '@flotilla/foundation';
import { ran as ranNoun } from '../nouns/ran.ts';
import { formatHelp, isTable, readFormat } from '../output/format.ts';
import { itemsText } from '../output/print-items.ts';
import { readMoment } from '../program/read-moment.ts';
import { defineVerb } from '../program/verb.ts';
import { mergeSpans } from '../ran/merge-spans.ts';
import { declarePlace, placeOf, type PlaceOptions } from '../ran/ran-flags.ts';
import { noteGaps, readRan, type RanQuery } from '../ran/read-ran.ts';
import type { Session } from '../session.ts';

interface RanOptions extends PlaceOptions {
  readonly at?: string;
  readonly image?: string;
  readonly sourceDigest?: string;
  readonly revision?: string;
  readonly output?: string;
}

/** What ran where at a moment; or where and when something ever ran. */
export const ran = defineVerb<RanOptions>({
  examples: [
    'ran --at "2h ago" --environment production',
    'ran --at 2026-01-31T12:00:00Z --cluster eu-1 -o wide',
    'ran --image ghcr.io/shop/checkout:1.4.2',
    'ran --revision 1a2b3c4d --application checkout',
  ],
  declare: (command) => {
    command.option('-o, --output <format>', formatHelp);
    declarePlace(command);
    command
      .option('--at <time>', 'what ran then: 2h ago, or ISO 8601; now, unless something is looked for')
      .option('--image <image>', 'who ever ran it: NAME, NAME:TAG, NAME@DIGEST or @DIGEST')
      .option('--source-digest <digest>', 'who ever ran it; its beginning will do')
      .option('--revision <commit>', 'who ever ran it; its beginning will do');
  },
  run: async (session, _, options) => {
    const format = readFormat(options.output);
    const query = queryOf(session, options);
    const history = await readRan(await session.api(), query);
    const items = query.at === undefined ? mergeSpans(history.items) : history.items;
    const found = items.map((item) => ({ item, project: '' }));
    const looks = { headers: true, showLabels: false, withProject: false, single: false };
    const text = await itemsText(found, { noun: ranNoun, format, ...looks, now: session.now(), tones: session.tones });
    if (isTable(format)) session.print(text);
    else session.printExact(text);
    if (items.length === 0) session.note('nothing that is known');
    noteGaps(session, history, query.at);
  },
});

function queryOf(session: Session, options: RanOptions): RanQuery {
  const { at, image, sourceDigest, revision } = options;
  const looksFor = {
    ...(image !== undefined && { image }),
    ...(sourceDigest !== undefined && { sourceDigest }),
    ...(revision !== undefined && { revision }),
  };
  const isOpen = at === undefined && Object.keys(looksFor).length > 0;
  const moment = at === undefined ? isoTime(session.now()) : readMoment(at, session.now());
  return { ...placeOf(options), ...looksFor, ...(!isOpen && { at: moment }) };
}
