import { InvalidArgumentError, Option, type Command } from 'commander';

/** What may be said with every command, before or after its verb. */
export interface Flags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly context?: string;
  readonly project?: string;
  readonly color?: 'auto' | 'always' | 'never';
  readonly quiet?: boolean;
  readonly verbosity?: number;
}

const group = 'Global options:';

/** Declares the flags on a command, but for those that the command itself means otherwise. */
export function declareFlags(command: Command): void {
  const own = new Set(command.options.map(({ long }) => long));
  for (const flag of flags()) if (!own.has(flag.long)) command.addOption(flag.helpGroup(group));
}

/** The flags of a call: what stands after the verb wins over what stands before it. */
export function readFlags(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Flags {
  const names = flags().map((flag) => flag.attributeName());
  const said = names.map((name) => [name, after[name] ?? before[name]] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

function flags(): Option[] {
  return [
    new Option('--server <url>', 'the control plane (FLOTILLA_SERVER)'),
    new Option('--token-file <file>', 'file that holds the API token (FLOTILLA_TOKEN holds the token itself)'),
    new Option('--context <name>', 'the context to use (FLOTILLA_CONTEXT)'),
    new Option('-p, --project <name>', 'the project (FLOTILLA_PROJECT)'),
    new Option('--color <when>', 'colours on a terminal').choices(['auto', 'always', 'never']),
    new Option('-q, --quiet', 'nothing but data and errors'),
    new Option('-v, --verbosity <level>', '1: causes of errors; 6: each request').argParser(readLevel),
  ];
}

function readLevel(text: string): number {
  const level = Number(text);
  if (Number.isInteger(level) && level >= 0 && level <= 10) return level;
  throw new InvalidArgumentError('It is a whole number from 0 to 10.');
}
