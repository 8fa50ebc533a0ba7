import { Fault } from '@flotilla/foundation';
import { missingItem } from '../nouns/find-item.ts';
import { matches } from '../nouns/filters.ts';
import { isAmong, isNamed } from '../nouns/is-named.ts';
import type { Filters, Noun } from '../nouns/noun.ts';
import type { Format } from '../output/format.ts';
import { visible } from '../output/visible.ts';
import type { Session } from '../session.ts';
import { ChangePrinter } from './change-printer.ts';
import { followItems, type ItemEvent } from './follow-items.ts';
import { KnownItems, type ItemChange } from './known-items.ts';

export interface WatchRequest {
  readonly noun: Noun;
  readonly names: readonly string[];
  readonly filters: Filters;
  readonly format: Format;
  readonly options: {
    readonly headers: boolean;
    readonly showLabels?: boolean;
    readonly allProjects?: boolean;
    readonly sortBy?: string;
    readonly limit?: number;
    readonly watchOnly?: boolean;
    readonly outputWatchEvents?: boolean;
  };
}

/** Shows what there is and then each change, over any number of cut lines, until the person leaves. */
export async function watchItems(session: Session, request: WatchRequest): Promise<void> {
  const { noun, names, filters, format, options } = request;
  if (options.allProjects) throw oneProjectOnly();
  if (options.sortBy) session.note('changes come in the order in which they happen; --sort-by is not heard');
  const { headers, showLabels = false, outputWatchEvents: withEvents = false } = options;
  const printer = new ChangePrinter(session, { noun, format, headers, showLabels, withEvents });
  const known = new KnownItems({
    uidOf: (item) => noun.uidOf(item),
    isWanted: (item) => isAmong(noun, item, names) && matches(noun, filters, item),
    lookOf: (item) => printer.lookOf(item),
  });
  const { signal } = session.world;
  let begun = false;
  for await (const event of followItems(await session.api(), { noun, signal })) {
    if (event.type === 'cut') {
      session.note(cutText(event));
      continue;
    }
    const changes = known.take(event);
    if (begun) await tell(session, printer, { noun, changes, withGone: withEvents || event.type === 'changed' });
    else await begin(session, printer, { request, changes });
    begun = true;
  }
  signal.throwIfAborted();
}

/** What there is when a watch begins; what was named has to be among it. */
async function begin(
  session: Session,
  printer: ChangePrinter,
  { request, changes }: { readonly request: WatchRequest; readonly changes: readonly ItemChange[] },
): Promise<void> {
  const { noun, names, options } = request;
  const absent = names.find((name) => !changes.some(({ item }) => isNamed(noun, item, name)));
  if (absent !== undefined) throw await missingItem(await session.api(), noun, absent);
  if (!options.watchOnly) await printer.print(newest(changes, options.limit));
}

interface Telling {
  readonly noun: Noun;
  readonly changes: readonly ItemChange[];
  /** What left because of its new state shows it; what is gone has none, and its last row would look like news. */
  readonly withGone: boolean;
}

async function tell(session: Session, printer: ChangePrinter, { noun, changes, withGone }: Telling): Promise<void> {
  await printer.print(changes.filter(({ type }) => withGone || type !== 'DELETED'));
  for (const { type, item } of changes) {
    if (type === 'DELETED') session.note(`${noun.singular}/${visible(noun.nameOf(item))} is no longer among these`);
  }
}

function newest(changes: readonly ItemChange[], limit: number | undefined): readonly ItemChange[] {
  return limit ? changes.slice(-limit) : changes;
}

function cutText({ fault, retryMs }: Extract<ItemEvent, { type: 'cut' }>): string {
  return `${visible(fault.message)}; what is shown may be old. Trying again in ${Math.ceil(retryMs / 1000)}s`;
}

function oneProjectOnly(): Fault {
  const message = 'one project is followed at a time; leave out --all-projects and name one with -p';
  return new Fault({ code: 'invalid', reason: 'NotFollowed', message });
}
