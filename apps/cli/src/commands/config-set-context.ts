import type { Session } from '../session.ts';
import { configPath, readConfig, writeConfig, type Config, type Context } from '../settings/config-file.ts';
import { readSecret } from '../settings/read-secret.ts';
import { checkedServer } from '../settings/settings.ts';
import { visible } from '../output/visible.ts';
import { contextNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

/** Creates or changes a context: what is not said stays as it was. The first one becomes the current one. */
export const setContext = defineVerb({
  examples: [
    'config set-context demo --server http://127.0.0.1:8080 --token-file token.txt',
    'config set-context prod --server https://flotilla.example.org --token-file -',
    'config set-context prod --project shop',
  ],
  declare: (command) => void command.argument('<name>'),
  complete: contextNames,
  run: async (session, [name = '']) => {
    const { environment, ids } = session.world;
    const path = configPath(environment);
    const config = await readConfig(path);
    const before = config.contexts.find((context) => context.name === name);
    const context = await changed(session, name, before);
    await writeConfig(path, withContext(config, context), ids);
    session.print(`context ${visible(name)} ${before ? 'changed' : 'created'}`);
    if (!context.token) session.note('it has no token yet; give one with --token-file FILE, or - to type it');
    if (!config.currentContext) session.note(`${visible(name)} is the current context`);
  },
});

async function changed(session: Session, name: string, before: Context | undefined): Promise<Context> {
  const { flags, world } = session;
  const server = checkedServer(flags.server ?? before?.server);
  const project = flags.project ?? before?.project;
  const given = flags.tokenFile && (await readSecret(world, { what: `token for ${server}`, file: flags.tokenFile }));
  const token = given || keptToken(session, before, server);
  return { name, server, ...(token && { token }), ...(project && { project }) };
}

/** A token belongs to the server that made it: it does not move to another with its context. */
function keptToken(session: Session, before: Context | undefined, server: string): Context['token'] {
  if (!before?.token || new URL(before.server).origin === new URL(server).origin) return before?.token;
  session.note(`the token for ${before.server} is dropped: it is not for ${server}`);
  return undefined;
}

function withContext({ currentContext, contexts }: Config, context: Context): Config {
  const others = contexts.filter(({ name }) => name !== context.name);
  return { currentContext: currentContext ?? context.name, contexts: [...others, context] };
}
