import { InvalidArgumentError, Option, type Command } from 'commander';
import { Fault, parseDuration } from '@flotilla/foundation';
import { readFilters, type FilterOptions } from '../nouns/filters.ts';
import type { Filters, Noun } from '../nouns/noun.ts';
import { nounsText } from '../nouns/nouns.ts';
import { readSubject } from '../nouns/read-subject.ts';
import { target } from '../nouns/target.ts';
import { visible } from '../output/visible.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { readConditions } from '../waiting/condition.ts';
import { waitFor } from '../waiting/wait-for.ts';

interface WaitOptions extends Pick<FilterOptions, 'selector' | 'application' | 'environment' | 'cluster'> {
  readonly for?: readonly string[];
  readonly timeout: number;
}

/** Waits until something is as it should be. Exit code 3 says that it did not get there in time. */
export const wait = defineVerb<WaitOptions>({
  examples: [
    'wait application checkout --timeout 5m',
    'wait target checkout.production.eu-1 --for health=Healthy --for revision=1a2b3c4d',
    'wait targets --environment staging --for Synced',
    'wait cluster eu-1 --for connection=Connected',
    'wait pipeline standard --for delete',
  ],
  declare: declareWait,
  complete: nounThenNames(),
  run: async (session, args, options) => {
    const { noun, names, filters } = readWaited(args, options);
    const conditions = readConditions(noun, options.for ?? []);
    const onProgress = (text: string) => session.progress.show(visible(text));
    const request = { noun, names, filters, conditions, timeoutMs: options.timeout, onProgress };
    const met = await waitFor(await session.api(), request);
    session.print(met.map((name) => `${noun.singular}/${visible(name)} condition met\n`).join(''));
  },
});

function declareWait(command: Command): void {
  command
    .argument('<noun>', nounsText())
    .argument('[name...]', 'these only')
    .option('--for <condition>', 'Synced, health=Healthy, revision=…, delete, jsonpath={…}=…; repeatable', gathered)
    .addOption(
      new Option('--timeout <duration>', 'how long at most, such as 90s or 5m; 0 looks once')
        .argParser(readTimeout)
        .default(30_000, '30s'),
    )
    .option('-l, --selector <labels>', "by labels, in kubectl's grammar")
    .option('--application <name>', 'targets of one application')
    .option('--environment <name>', 'targets of one environment')
    .option('--cluster <name>', 'targets on one cluster');
}

interface Waited {
  readonly noun: Noun;
  readonly names: readonly string[];
  readonly filters: Filters;
}

/** Of an application or an environment its targets are meant, unless it is about the document itself. */
function readWaited(args: readonly string[], options: WaitOptions): Waited {
  const { noun, names } = readSubject(args);
  const aboutItself = options.for?.some((text) => /^(delete|create|jsonpath=)/.test(text)) ?? false;
  const [name, ...more] = names;
  if (aboutItself || name === undefined || !/^(application|environment)$/.test(noun.singular)) {
    return { noun, names, filters: readFilters(noun, options) };
  }
  if (more.length > 0) throw oneAtATime(noun);
  const filters = readFilters(target, { ...options, [noun.singular]: name });
  return { noun: target, names: [], filters };
}

function oneAtATime({ singular }: Noun): Fault {
  const message = `the targets of one ${singular} are waited for at a time; name one`;
  return new Fault({ code: 'invalid', reason: 'ArgumentsInvalid', message });
}

function gathered(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

function readTimeout(text: string): number {
  const timeoutMs = text === '0' ? 0 : parseDuration(text);
  if (timeoutMs !== undefined) return timeoutMs;
  throw new InvalidArgumentError('It is a duration, such as 30s, 5m or 1h30m.');
}
