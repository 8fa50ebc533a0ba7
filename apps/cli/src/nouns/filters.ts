import { InvalidArgumentError, Option, type Command } from 'commander';
import { Fault, nearest } from '@flotilla/foundation';
import { healthStatuses, meetsAll, parseSelector, syncStatuses } from '@flotilla/model';
import { filterNames, type FilterName, type Filters, type Noun } from './noun.ts';

/** What commander reads of the flags that narrow a list. */
export interface FilterOptions {
  readonly selector?: string;
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly repository?: string;
  readonly sync?: string;
  readonly health?: string;
}

export function declareFilters(command: Command): void {
  command
    .addOption(new Option('-l, --selector <labels>', "by labels, in kubectl's grammar: a=b,c in (d,e),!f"))
    .addOption(new Option('--application <name>', 'of one application'))
    .addOption(new Option('--environment <name>', 'of one environment'))
    .addOption(new Option('--cluster <name>', 'on one cluster'))
    .addOption(new Option('--repository <name>', 'of one repository'))
    .addOption(new Option('--sync <status>', syncStatuses.join('|')).argParser(oneOf(syncStatuses)))
    .addOption(new Option('--health <status>', healthStatuses.join('|')).argParser(oneOf(healthStatuses)));
}

/** The filters of a call. One that this noun does not know is refused: it would be left out in silence. */
export function readFilters(noun: Noun, options: FilterOptions): Filters {
  const given = filterNames.flatMap((name) => {
    const value = isTold(name) ? undefined : options[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  for (const [name] of given) if (!noun.filters[name]) throw notNarrowedBy(noun, `--${name}`);
  if (options.selector === undefined) return Object.fromEntries(given);
  if (!noun.labelsOf) throw notNarrowedBy(noun, '-l');
  const parsed = parseSelector(options.selector);
  if (!parsed.ok) throw invalid(`-l: ${parsed.reason}`);
  return { ...Object.fromEntries(given), labelSelector: options.selector };
}

/** Whether a thing is among those that were asked for; the same answer as the control plane's list gives. */
export function matches(noun: Noun, filters: Filters, item: unknown): boolean {
  const { labelSelector } = filters;
  const fits = filterNames.every((name) => filters[name] === undefined || noun.filters[name]?.(item) === filters[name]);
  if (!fits || labelSelector === undefined) return fits;
  const parsed = parseSelector(labelSelector);
  return parsed.ok && meetsAll(parsed.value, noun.labelsOf?.(item) ?? {});
}

/** What only the verbs about the ledger ask for, each in its own way. */
function isTold(name: FilterName): name is 'subject' | 'actor' | 'action' {
  return name === 'subject' || name === 'actor' || name === 'action';
}

function notNarrowedBy(noun: Noun, flag: string): Fault {
  const known = (Object.keys(noun.filters) as FilterName[]).filter((name) => !isTold(name));
  const flags = [...known.map((name) => `--${name}`), ...(noun.labelsOf ? ['-l'] : [])];
  const instead = flags.length > 0 ? `these do: ${flags.join(', ')}` : 'nothing does';
  return invalid(`${flag} does not narrow ${noun.plural}; ${instead}`);
}

/** A status word, whatever the case of its letters. */
function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (word) return word;
    const near = nearest(text, words);
    throw new InvalidArgumentError(near ? `Did you mean ${near}?` : `It is one of ${words.join(', ')}.`);
  };
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'FilterInvalid', message });
}
