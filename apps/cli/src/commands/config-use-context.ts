import { visible } from '../output/visible.ts';
import { contextNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { configPath, readConfig, writeConfig } from '../settings/config-file.ts';
import { contextNamed } from '../settings/settings.ts';

/** Chooses the context of all calls that name none. */
export const useContext = defineVerb({
  examples: ['config use-context prod'],
  declare: (command) => void command.argument('<name>'),
  complete: contextNames,
  run: async (session, [wanted = '']) => {
    const { environment, ids } = session.world;
    const path = configPath(environment);
    const config = await readConfig(path);
    const { name, server } = contextNamed(config, wanted, path);
    await writeConfig(path, { ...config, currentContext: name }, ids);
    session.print(`switched to context ${visible(name)} (${visible(server)})`);
  },
});
