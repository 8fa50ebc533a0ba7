import type { Command } from 'commander';
import { columnPage } from '../nouns/column-page.ts';
import { declareFilters, readFilters, type FilterOptions } from '../nouns/filters.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { nounsText } from '../nouns/nouns.ts';
import { readSubject } from '../nouns/read-subject.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface DescribeOptions extends FilterOptions {
  readonly output?: 'json' | 'yaml';
}

/** More pages than this are nobody's reading. */
const pagesMax = 100;

/** Shows all about one thing, or about each of several. */
export const describe = defineVerb<DescribeOptions>({
  examples: [
    'describe target checkout.production.eu-1',
    'describe application/checkout',
    'describe clusters -l region=eu-central',
    'describe target checkout.dev.eu-1 -o json',
  ],
  declare: (command: Command) => {
    declareFilters(command.argument('<noun>', nounsText()).argument('[name...]', 'these only'));
    command.addOption(outputOption('json', 'yaml'));
  },
  complete: nounThenNames(),
  run: async (session, args, { output, ...options }) => {
    const { noun, names } = readSubject(args);
    const items = await itemsOf(session, noun, { names, options });
    if (items.length === 0) session.note(`no ${noun.plural}`);
    if (output) session.printExact(await wholeText(session, { noun, items, output }));
    else session.print((await pagesOf(session, noun, items)).join('\n\n'));
  },
});

async function itemsOf(
  session: Session,
  noun: Noun,
  { names, options }: { readonly names: readonly string[]; readonly options: FilterOptions },
): Promise<unknown[]> {
  const api = await session.api();
  if (names.length > 0) return Promise.all(names.map((name) => requireItem(api, noun, name)));
  const items: unknown[] = [];
  for await (const item of noun.list(api, readFilters(noun, options))) {
    if (items.length === pagesMax) {
      session.note(`only the first ${pagesMax}; narrow them, or name one`);
      break;
    }
    items.push(item);
  }
  return items;
}

async function pagesOf(session: Session, noun: Noun, items: readonly unknown[]): Promise<string[]> {
  const api = await session.api();
  const pages: string[] = [];
  for (const item of items) {
    const page = noun.page ? await noun.page(api, item) : columnPage(noun, item, session.now());
    pages.push(formatPage(page));
  }
  return pages;
}

interface WholeOptions {
  readonly noun: Noun;
  readonly items: readonly unknown[];
  readonly output: 'json' | 'yaml';
}

async function wholeText(session: Session, { noun, items, output }: WholeOptions): Promise<string> {
  const api = await session.api();
  const whole: unknown[] = [];
  for (const item of items) whole.push(noun.whole ? await noun.whole(api, item) : item);
  return structured(whole.length === 1 ? whole[0] : { items: whole }, output);
}
