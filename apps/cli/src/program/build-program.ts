import { Command, Help, type Option } from 'commander';
import { declareFlags, readFlags } from '../flags.ts';
import { Session } from '../session.ts';
import { cliVersion } from '../version.ts';
import type { World } from '../world.ts';
import type { Verb, VerbChapter, VerbEntry, VerbGroup } from './verb.ts';

/** One verb, chosen and understood: what is left is to run it. */
export interface Call {
  readonly verb: Verb;
  readonly session: Session;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface BuildProgramOptions {
  readonly chapters: readonly VerbChapter[];
  readonly world: World;
  readonly onCall: (call: Call) => void;
}

const description = 'Deliver from Git to a fleet of Kubernetes clusters, and see what runs where.';

const examples = [
  'get targets --health Degraded',
  'explain target checkout.production.eu-1',
  'apply -f fleet/ --dry-run',
];

const differencesText =
  'It ends with 0 when there is nothing to see, with 1 when there is, and with more when it fails.';

/** The whole command line. Files of verbs are read only when their verb is used. */
export function buildProgram(options: BuildProgramOptions): Command {
  const { chapters, world } = options;
  const program = new Command(world.environment['FLOTILLA_CALLED_AS'] ?? 'flotilla')
    .description(description)
    .usage('VERB [THING] [NAME] [options]')
    .version(cliVersion, '--version', 'say the version and no more')
    .helpCommand(false)
    .helpOption('-h, --help', 'help, which also stands behind every verb')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ visibleOptions: optionsBelow })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns ?? 100,
      getErrHelpWidth: () => world.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  showExamples(program, examples);
  program.addHelpText(
    'after',
    '\nThe help of each verb, as in `get --help`, shows its options and those that all verbs have.',
  );
  declareFlags(program);
  for (const { title, verbs } of chapters) addVerbs(program, { title, verbs, options });
  return program;
}

/** Verbs first: on the first page of help, the options of all of them would push them off the screen. */
function optionsBelow(this: Help, command: Command): Option[] {
  return command.parent ? Help.prototype.visibleOptions.call(this, command) : [];
}

interface AddVerbs {
  readonly verbs: readonly (VerbEntry | VerbGroup)[];
  readonly title?: string;
  readonly options: BuildProgramOptions;
}

function addVerbs(parent: Command, { verbs, title, options }: AddVerbs): void {
  const entries = new Map<Command, VerbEntry>();
  for (const entry of verbs) {
    const hidden = 'hidden' in entry ? (entry.hidden ?? false) : false;
    const command = parent.command(entry.name, { hidden }).description(entry.summary).helpOption('-h, --help', 'help');
    if (title) command.helpGroup(title);
    if ('load' in entry) entries.set(command, entry);
    else addVerbs(command.helpCommand(false), { verbs: entry.verbs, options });
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.get(command);
    if (entry) prepare(command, await entry.load(), options.world, options.onCall);
  });
}

function prepare(command: Command, verb: Verb, world: World, onCall: (call: Call) => void): void {
  verb.declare(command);
  const own = new Set(command.options.map((option) => option.attributeName()));
  declareFlags(command);
  showExamples(command, verb.examples);
  command.showHelpAfterError(`${callOf(command)} --help shows what it takes`);
  if (verb.tellsDifferences) command.addHelpText('after', `\n${differencesText}`);
  command.action(() => {
    const said = command.opts<Record<string, unknown>>();
    const after = Object.fromEntries(Object.entries(said).filter(([name]) => !own.has(name)));
    const session = new Session({ world, flags: readFlags(rootOf(command).opts(), after) });
    onCall({ verb, session, args: command.args, options: said });
  });
}

function showExamples(command: Command, calls: readonly string[]): void {
  const name = rootOf(command).name();
  const lines = calls.map((call) => `  ${name} ${call}\n`).join('');
  command.addHelpText('before', `Examples:\n${lines}`);
}

/** A command as it is called: `flotilla cluster join`. */
function callOf(command: Command): string {
  return command.parent ? `${callOf(command.parent)} ${command.name()}` : command.name();
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
