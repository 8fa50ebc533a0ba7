import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { formatTable } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { configPath, readConfig } from '../settings/config-file.ts';

interface ContextsOptions {
  readonly output?: 'json' | 'yaml' | 'name';
}

/** Lists contexts. Of tokens it says only whether there is one. */
export const getContexts = defineVerb<ContextsOptions>({
  examples: ['config get-contexts', 'config get-contexts -o name'],
  declare: (command) => void command.addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, _, { output }) => {
    const path = configPath(session.world.environment);
    const { contexts, currentContext } = await readConfig(path);
    const shown = contexts.map(({ name, server, project, token }) => {
      return { current: name === currentContext, name, server, project, hasToken: token !== undefined };
    });
    if (output === 'name') return session.print(shown.map(({ name }) => `${visible(name)}\n`).join(''));
    if (output) return session.printExact(await structured({ contexts: shown }, output));
    if (shown.length === 0) {
      return session.note(`${path} has no contexts; make one with: flotilla config set-context NAME --server URL`);
    }
    const rows = shown.map(({ current, name, server, project = '<none>', hasToken }) =>
      [current ? '*' : '', name, server, project, hasToken ? 'yes' : 'no'].map((text) => ({ text })),
    );
    session.print(formatTable({ headers: ['CURRENT', 'NAME', 'SERVER', 'PROJECT', 'TOKEN'], rows }));
  },
});
