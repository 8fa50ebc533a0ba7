import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault, Redacted, toFault, type Ids } from '@flotilla/foundation';

/** One control plane that a person works with: where it is, who they are there, and the project they mean. */
export interface Context {
  readonly name: string;
  readonly server: string;
  readonly token?: Redacted;
  readonly project?: string;
}

export interface Config {
  readonly currentContext?: string;
  readonly contexts: readonly Context[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the configuration is: `FLOTILLA_CONFIG`, or its place in the XDG folder. */
export function configPath(environment: Environment): string {
  const { FLOTILLA_CONFIG, XDG_CONFIG_HOME, HOME = homedir() } = environment;
  return FLOTILLA_CONFIG || join(XDG_CONFIG_HOME || join(HOME, '.config'), 'flotilla', 'config.json');
}

/** The configuration as it is kept; an empty one when there is no file yet. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw wrong(path, `it cannot be read: ${error.message}`);
  });
  return text === undefined ? { contexts: [] } : parsed(text, path);
}

/** Replaces the file as a whole, readable by its owner only: it holds tokens. */
export async function writeConfig(path: string, { currentContext, contexts }: Config, ids: Ids): Promise<void> {
  const written = contexts.map(({ token, ...context }) => ({ ...context, ...(token && { token: token.reveal() }) }));
  const text = `${JSON.stringify({ ...(currentContext && { currentContext }), contexts: written }, null, 2)}\n`;
  const draft = `${path}.${ids.next()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    // A umask may have taken more away than was asked; nothing gives more.
    await chmod(draft, 0o600);
    await rename(draft, path);
  } catch (error) {
    throw wrong(path, `it cannot be written: ${toFault(error).message}`);
  }
}

/** What a person should know about who else may read their tokens; nothing when all is well. */
export async function exposureOf(path: string): Promise<string | undefined> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => undefined,
  );
  if (mode === undefined || (mode & 0o077) === 0) return undefined;
  return `others on this machine may read ${path}, which holds tokens; mend it with: chmod 600 ${path}`;
}

function parsed(text: string, path: string): Config {
  const { currentContext, contexts } = jsonOf(text, path);
  if (!Array.isArray(contexts)) throw wrong(path, 'it has no list `contexts`');
  return {
    ...(typeof currentContext === 'string' && currentContext && { currentContext }),
    contexts: contexts.map((context: unknown, index) => contextOf(context, `${path}, contexts[${index}]`)),
  };
}

function jsonOf(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The parser's words quote the text, which may be a token.
  }
  throw wrong(path, 'it is not a JSON object; mend it, or move it away and run: flotilla config set-context');
}

function contextOf(value: unknown, place: string): Context {
  const { name, server, token, project } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof server !== 'string') throw wrong(place, 'it needs a `name` and a `server`');
  return {
    name,
    server,
    ...(typeof token === 'string' && { token: new Redacted(token) }),
    ...(typeof project === 'string' && { project }),
  };
}

function wrong(place: string, why: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ConfigInvalid', message: `the configuration ${place}: ${why}` });
}
