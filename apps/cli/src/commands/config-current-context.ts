import { Fault } from '@flotilla/foundation';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { configPath, readConfig } from '../settings/config-file.ts';

/** Says which context is current. */
export const currentContext = defineVerb({
  examples: ['config current-context'],
  declare: () => undefined,
  run: async (session) => {
    const path = configPath(session.world.environment);
    const { currentContext: name } = await readConfig(path);
    if (name) return session.print(visible(name));
    const message = `${path} has no current context; choose one with: flotilla config use-context NAME`;
    throw new Fault({ code: 'not-found', reason: 'ContextMissing', message });
  },
});
