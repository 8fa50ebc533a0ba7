import { counted, Fault, isoTime } from '@flotilla/foundation';
import { compareRan, type RanDifference } from '@flotilla/model';
import { exitCodes } from '../exit-codes.ts';
import type { Api } from '../api.ts';
import { cluster as clusterNoun } from '../nouns/cluster.ts';
import { requireItem } from '../nouns/find-item.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { formatTable } from '../output/table.ts';
import { readMoment } from '../program/read-moment.ts';
import { defineVerb } from '../program/verb.ts';
import { declarePlace, placeOf, type PlaceOptions } from '../ran/ran-flags.ts';
import { noteGaps, readRan, type RanQuery } from '../ran/read-ran.ts';
import type { Session } from '../session.ts';

interface CompareOptions extends PlaceOptions {
  readonly clusters?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly output?: 'json' | 'yaml';
}

/** Two sides to compare: what each is called, and how it is asked for. */
interface Sides {
  readonly between: 'moments' | 'clusters';
  readonly names: readonly [string, string];
  readonly queries: readonly [RanQuery, RanQuery];
}

/** How two clusters differ now, or one fleet at two moments. Exit code 1 says that they do. */
export const compare = defineVerb<CompareOptions>({
  tellsDifferences: true,
  examples: [
    'compare --clusters eu-1 eu-2',
    'compare --from "24h ago" --environment production',
    'compare --from 2026-01-30 --to 2026-01-31 --cluster eu-1 -o json',
  ],
  declare: (command) => {
    command.option('--clusters <names...>', 'two clusters, as they are now');
    command.option('--from <time>', 'then: 2h ago, or ISO 8601');
    command.option('--to <time>', 'and then; now when it is left out');
    declarePlace(command);
    command.addOption(outputOption('json', 'yaml'));
  },
  run: async (session, _, options) => {
    const sides = readSides(session, options);
    const api = await session.api();
    if (sides.between === 'clusters') for (const name of sides.names) await requireItem(api, clusterNoun, name);
    const differences = await differencesOf(session, api, sides);
    if (options.output) session.printExact(await structured({ items: differences }, options.output));
    else if (differences.length > 0) session.print(tableOf(differences, sides));
    const text = differences.length > 0 ? counted(differences.length, 'difference') : 'nothing differs';
    session.note(text);
    return differences.length > 0 ? exitCodes.failure : exitCodes.ok;
  },
});

function readSides(session: Session, options: CompareOptions): Sides {
  const { clusters, from, to, cluster } = options;
  const now = session.now();
  if (clusters && (from ?? to ?? cluster) === undefined) {
    const [one, other, ...more] = clusters;
    if (!one || !other || more.length > 0) throw invalid('--clusters: name two, as in --clusters eu-1 eu-2');
    const at = isoTime(now);
    const query = (name: string): RanQuery => ({ ...placeOf(options), cluster: name, at });
    return { between: 'clusters', names: [one, other], queries: [query(one), query(other)] };
  }
  if (clusters || from === undefined)
    throw invalid('say --clusters A B, or --from TIME and, unless it is now, --to TIME');
  const times = [readMoment(from, now), readMoment(to ?? 'now', now)] as const;
  const query = (at: string): RanQuery => ({ ...placeOf(options), at });
  return { between: 'moments', names: times, queries: [query(times[0]), query(times[1])] };
}

async function differencesOf(session: Session, api: Api, sides: Sides): Promise<readonly RanDifference[]> {
  const [left, right] = [await readRan(api, sides.queries[0]), await readRan(api, sides.queries[1])];
  const earlier = sides.queries.map(({ at }) => String(at)).toSorted()[0];
  noteGaps(session, left, earlier);
  return compareRan(left.items, right.items, sides.between);
}

function tableOf(differences: readonly RanDifference[], { between, names }: Sides): string {
  const hasCluster = between === 'moments';
  const headers = ['APPLICATION', 'ENVIRONMENT', ...(hasCluster ? ['CLUSTER'] : []), 'WHAT', ...names];
  const rows = differences.map(({ application, environment, cluster, what, left, right }) =>
    [application, environment, ...(hasCluster ? [cluster] : []), what, left || '<none>', right || '<none>'].map(
      (text) => ({ text }),
    ),
  );
  return formatTable({ headers, rows });
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ComparisonInvalid', message });
}
