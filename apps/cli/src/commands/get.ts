import { Option, type Command } from 'commander';
import { inProject, type Api } from '../api.ts';
import { declareFilters, readFilters, type FilterOptions } from '../nouns/filters.ts';
import { findItem, missingItem } from '../nouns/find-item.ts';
import { isNamed } from '../nouns/is-named.ts';
import type { Filters, Noun } from '../nouns/noun.ts';
import { nounsText } from '../nouns/nouns.ts';
import { project as projectNoun } from '../nouns/project.ts';
import { readSubject } from '../nouns/read-subject.ts';
import { formatHelp, isTable, readFormat } from '../output/format.ts';
import type { Found } from '../output/item-rows.ts';
import { itemsText } from '../output/print-items.ts';
import { sortItems } from '../output/sort-items.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { wholeNumber } from '../program/whole-number.ts';
import type { Session } from '../session.ts';
import { watchItems } from '../watch/watch-items.ts';

export interface GetOptions extends FilterOptions {
  readonly output?: string;
  readonly headers: boolean;
  readonly showLabels?: boolean;
  readonly sortBy?: string;
  readonly allProjects?: boolean;
  readonly limit?: number;
  readonly watch?: boolean;
  readonly watchOnly?: boolean;
  readonly outputWatchEvents?: boolean;
}

/** Lists things, or follows them. */
export const get = defineVerb<GetOptions>({
  examples: [
    'get targets --environment production --health Degraded',
    'get targets -w',
    'get clusters -l region=eu-central -o wide',
    "get applications -o jsonpath='{.items[*].metadata.name}'",
    'get rollouts --application checkout --limit 5',
  ],
  declare: (command) => declareGet(command.argument('<noun>', nounsText()).argument('[name...]', 'these only')),
  complete: nounThenNames(),
  run: async (session, args, options) => {
    const { noun, names } = readSubject(args);
    await getThings(session, { noun, names, filters: readFilters(noun, options), options });
  },
});

/** The flags of every verb that lists. */
export function declareGet(command: Command): void {
  command.option('-o, --output <format>', formatHelp);
  declareFilters(command);
  command
    .option('-A, --all-projects', 'of every project')
    .option('--limit <n>', 'how many of a list that goes back without end; 0 is all', wholeNumber)
    .option('--sort-by <path>', 'order by a JSON path, such as .metadata.createdAt')
    // Options are declared late, when the parser no longer looks for a default by itself.
    .addOption(new Option('--no-headers', 'rows only').default(true))
    .option('--show-labels', 'labels as one more column')
    .option('-w, --watch', 'go on with every change')
    .option('--watch-only', 'changes only')
    .addOption(new Option('--output-watch-events', 'with -o json or yaml: say of each change what it is'));
}

export interface Wanted {
  readonly noun: Noun;
  readonly names: readonly string[];
  readonly filters: Filters;
  readonly options: GetOptions;
}

/** How many of an endless list are shown when nobody says. */
const limitDefault = 100;

export async function getThings(session: Session, wanted: Wanted): Promise<void> {
  const { noun, names, options } = wanted;
  const format = readFormat(options.output);
  if (options.watch || options.watchOnly) return watchItems(session, { ...wanted, format });
  const api = await session.api();
  const apis = options.allProjects && !noun.outsideProjects ? await everyProject(api) : [api];
  const found: Found[] = [];
  for (const one of apis) found.push(...(await itemsOf(session, one, wanted)));
  const sorted = options.sortBy ? sortItems(found, `.item${pathBehind(options.sortBy)}`) : found;
  const { headers, showLabels = false } = options;
  const looks = { headers, showLabels, withProject: apis.length > 1, single: names.length === 1 };
  const text = await itemsText(sorted, { noun, format, ...looks, now: session.now(), tones: session.tones });
  if (isTable(format)) session.print(text);
  else session.printExact(text);
  if (found.length === 0 && names.length === 0) session.note(nothingText(api, wanted));
  const missing = names.find((name) => !found.some(({ item }) => isNamed(noun, item, name)));
  if (missing !== undefined) throw await missingItem(api, noun, missing);
}

async function everyProject(api: Api): Promise<Api[]> {
  const apis: Api[] = [];
  for await (const item of projectNoun.list(api, {})) apis.push(inProject(api, projectNoun.nameOf(item)));
  return apis;
}

async function itemsOf(session: Session, api: Api, wanted: Wanted): Promise<Found[]> {
  const items = wanted.names.length > 0 ? await namedItems(api, wanted) : await listedItems(session, api, wanted);
  return items.map((item) => ({ item, project: api.project }));
}

async function namedItems(api: Api, { noun, names }: Wanted): Promise<unknown[]> {
  const found = await Promise.all(names.map((name) => findItem(api, noun, name)));
  return found.filter((item) => item !== undefined);
}

async function listedItems(session: Session, api: Api, { noun, filters, options }: Wanted): Promise<unknown[]> {
  const most = (options.limit ?? (noun.endless ? limitDefault : 0)) || Infinity;
  const pageSize = most < 500 ? { limit: most + 1 } : {};
  const items: unknown[] = [];
  for await (const item of noun.list(api, { ...filters, ...pageSize })) {
    if (items.push(item) > most) break;
  }
  if (items.length > most) {
    items.length = most;
    if (options.limit === undefined) session.note(`the newest ${most}; --limit 0 shows all`);
  }
  return noun.newestLast ? items.toReversed() : items;
}

function nothingText({ project }: Api, { noun, filters, options }: Wanted): string {
  const which = Object.keys(filters).length > 0 ? ' of this kind' : '';
  const where = noun.outsideProjects || options.allProjects ? '' : ` in project ${project}`;
  return `no ${noun.plural}${which}${where}`;
}

/** `{.a.b}`, `.a.b` and `a.b` as the end of a longer path. */
function pathBehind(path: string): string {
  const bare = path.replace(/^\{(.*)\}$/s, '$1');
  return /^[.[]/.test(bare) ? bare : `.${bare}`;
}
