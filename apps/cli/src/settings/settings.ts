import { readFile } from 'node:fs/promises';
import { Fault, nearest, Redacted } from '@flotilla/foundation';
import type { Flags } from '../flags.ts';
import { configPath, exposureOf, readConfig, type Config, type Context } from './config-file.ts';

/** What a call to the control plane needs to know. */
export interface Settings {
  readonly server: string;
  readonly token: Redacted | undefined;
  readonly project: string;
  /** Things that work, but not as they should. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What one source says; the first that says something about a thing decides it. */
interface Layer {
  readonly server?: string | undefined;
  readonly token?: Redacted | undefined;
  readonly project?: string | undefined;
  /** The token was given by this server's operator, for this server only. */
  readonly boundTo?: string;
}

const projectDefault = 'default';

/**
 * Puts together what flags, environment and configuration file say, in this order; a context that is named by a flag
 * comes before the environment. A context's token is never sent to another server than the context's own.
 */
export async function chooseSettings(flags: Flags, environment: Environment): Promise<Settings> {
  const path = configPath(environment);
  const config = await readConfig(path);
  const context = contextLayer(config, flags.context ?? environment['FLOTILLA_CONTEXT'], path);
  const spoken = { server: flags.server, project: flags.project, token: await tokenIn(flags.tokenFile) };
  const surrounding = await environmentLayer(environment);
  const layers = flags.context ? [spoken, context, surrounding] : [spoken, surrounding, context];
  const server = checkedServer(layers.find((layer) => layer.server)?.server);
  const token = layers.find((layer) => layer.token && fits(layer, server))?.token;
  const project = layers.find((layer) => layer.project)?.project ?? projectDefault;
  const exposure = context.token && (await exposureOf(path));
  const warnings = [
    ...(exposure ? [exposure] : []),
    ...openLine(server, token),
    ...(token ? [] : withheld(context, server)),
  ];
  return { server, token, project, warnings };
}

function contextLayer(config: Config, wanted: string | undefined, path: string): Layer {
  const name = wanted || config.currentContext;
  if (!name) return {};
  const { server, token, project } = contextNamed(config, name, path);
  return { server, token, project, boundTo: server };
}

/** The context of this name, or a fault that knows what was probably meant. */
export function contextNamed(config: Config, name: string, path: string): Context {
  const context = config.contexts.find((candidate) => candidate.name === name);
  if (context) return context;
  const near = nearest(
    name,
    config.contexts.map((candidate) => candidate.name),
  );
  const hint = near ? `did you mean ${near}?` : 'list them with: flotilla config get-contexts';
  throw new Fault({ code: 'not-found', reason: 'ContextMissing', message: `${path} has no context ${name}; ${hint}` });
}

async function environmentLayer(environment: Environment): Promise<Layer> {
  const { FLOTILLA_SERVER, FLOTILLA_TOKEN, FLOTILLA_TOKEN_FILE, FLOTILLA_PROJECT } = environment;
  const token = FLOTILLA_TOKEN ? new Redacted(FLOTILLA_TOKEN) : await tokenIn(FLOTILLA_TOKEN_FILE);
  return { server: FLOTILLA_SERVER, token, project: FLOTILLA_PROJECT };
}

async function tokenIn(file: string | undefined): Promise<Redacted | undefined> {
  if (!file) return undefined;
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw invalid('TokenFileInvalid', `the token file ${file} cannot be read: ${cause.message}`);
  });
  if (text.trim() === '') throw invalid('TokenFileInvalid', `the token file ${file} is empty`);
  return new Redacted(text.trim());
}

/** The address without a slash at its end: paths begin with one. */
export function checkedServer(server: string | undefined): string {
  if (!server) {
    const ways =
      'give --server URL, set FLOTILLA_SERVER, or keep it with: flotilla config set-context NAME --server URL';
    throw invalid('ServerMissing', `no control plane is named; ${ways}`);
  }
  const url = URL.parse(server);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw invalid(
      'ServerInvalid',
      `\`${server}\` is not the address of a control plane, such as https://flotilla.example.org`,
    );
  }
  if (url.username || url.password) {
    throw invalid('ServerInvalid', 'the server address must not carry a user or a password; give a token instead');
  }
  return url.href.replace(/\/+$/, '');
}

function fits({ boundTo }: Layer, server: string): boolean {
  return boundTo === undefined || URL.parse(boundTo)?.origin === URL.parse(server)?.origin;
}

/** Whoever is about to be refused for want of a token has one, and should know why it stays here. */
function withheld({ token, boundTo }: Layer, server: string): string[] {
  if (!token) return [];
  return [`the token of the context is for ${boundTo}, and is not sent to ${server}; give another with --token-file`];
}

function openLine(server: string, token: Redacted | undefined): string[] {
  const { protocol, hostname } = new URL(server);
  const ownMachine = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (!token || protocol === 'https:' || ownMachine) return [];
  return [`the token travels to ${server} in the open; anybody on the way can read it. Use https`];
}

function invalid(reason: string, message: string): Fault {
  return new Fault({ code: 'invalid', reason, message });
}
