import { Option } from 'commander';
import { operations, type TokenView } from '@flotilla/contracts';
import { permissions, type GrantedPermission } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { sinceText } from '../nouns/cells.ts';
import { reachText } from '../nouns/token.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';

interface CreateOptions {
  readonly permission: GrantedPermission;
  readonly project?: string;
  readonly expires?: string;
  readonly output?: 'json' | 'yaml';
}

/** Makes an API token for a person or a machine. Its text is data, and everything that is said of it is not. */
export const tokenCreate = defineVerb<CreateOptions>({
  examples: [
    'token create ann --permission write --expires 90d > ann.token',
    'token create bob@example.org --permission approve --project shop',
    'token create ci --permission write --project shop --expires 30d -o json',
  ],
  declare: (command) =>
    void command
      .argument('<name>', 'whose word it is: the name that gates ask for and the ledger writes down')
      .addOption(
        new Option('--permission <permission>', 'how far it goes; each includes those before it')
          .choices(permissions)
          .makeOptionMandatory(),
      )
      .option('-p, --project <name>', 'the only project that it is for; without it, every one')
      .option('--expires <duration>', 'how long it is good for, such as 90d; without it, until it is revoked')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], { permission, project, expires, output }) => {
    const body = {
      name,
      permission,
      ...(project !== undefined && { project }),
      ...(expires !== undefined && { expires }),
    };
    const made = await sendOrder(await session.api(), operations.createToken, { body });
    if (output) session.printExact(await structured(made, output));
    else session.print(made.text);
    session.note(noteText(made.token, session.now()));
  },
});

function noteText(token: TokenView, now: number): string {
  const { metadata, spec } = token;
  const end = sinceText(spec.expiresAt, now) ?? 'it is revoked';
  return (
    `token/${metadata.uid} of ${visible(metadata.name)}: ${reachText(token)}, until ${end}; its text is shown this once\n` +
    'whoever has it in a file signs in with: flotilla config set-context NAME --server URL --token-file FILE'
  );
}
