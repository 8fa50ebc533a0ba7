import type { Command } from 'commander';
import type { TargetChoice } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { application } from '../nouns/application.ts';
import { cluster } from '../nouns/cluster.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { readSubject } from '../nouns/read-subject.ts';
import { readTargetName, target } from '../nouns/target.ts';

/** What commander reads of the flags that choose targets. */
export interface ChoiceOptions {
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
}

/** What an order may be given to: a target, or the targets of one of these. */
export const choosing: readonly Noun[] = [target, application, environment, cluster];

export function declareChoice(command: Command): Command {
  return command
    .argument('[noun]')
    .argument('[name...]')
    .option('--application <name>', 'only of one application')
    .option('--environment <name>', 'only of one environment')
    .option('--cluster <name>', 'only on one cluster');
}

/**
 * The targets that a call is about, one choice for each name. Every name is looked up first: an order shall not be given
 * to some because another was mistyped.
 */
export async function chooseTargets(
  api: Api,
  args: readonly string[],
  options: ChoiceOptions,
): Promise<readonly TargetChoice[]> {
  const flags = choiceOf(options);
  const { noun, names } = args.length > 0 ? readSubject(args, choosing) : { noun: target, names: [] };
  if (names.length === 0) {
    if (Object.keys(flags).length === 0 || noun !== target) throw nobodyNamed(noun);
    return [flags];
  }
  for (const name of names) await requireItem(api, noun, name);
  return names.map((name) => narrowed(partsOf(noun, name), flags));
}

/** Where a choice is written out, as it would be typed. */
export function choiceText(choice: TargetChoice): string {
  const parts = Object.entries(choice).filter(([, value]) => value !== undefined);
  return parts.map(([name, value]) => `--${name} ${value}`).join(' ');
}

function choiceOf({ application: app, environment: env, cluster: on }: ChoiceOptions): TargetChoice {
  return { ...(app && { application: app }), ...(env && { environment: env }), ...(on && { cluster: on }) };
}

function partsOf(noun: Noun, name: string): TargetChoice {
  return noun === target ? readTargetName(name) : { [noun.singular]: name };
}

function narrowed(named: TargetChoice, flags: TargetChoice): TargetChoice {
  for (const part of ['application', 'environment', 'cluster'] as const) {
    if (!flags[part] || !named[part] || flags[part] === named[part]) continue;
    throw invalid(`--${part} ${flags[part]} is not ${named[part]}, which is named as well; leave one of them out`);
  }
  return { ...flags, ...named };
}

function nobodyNamed({ singular }: Noun): Fault {
  const samples = 'target checkout.dev.eu-1, application checkout, or --application checkout --environment dev';
  return invalid(`which ${singular}? Name what this is for, as in: ${samples}`);
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ChoiceInvalid', message });
}
