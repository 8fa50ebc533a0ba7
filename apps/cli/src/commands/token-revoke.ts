import { operations, type TokenView } from '@flotilla/contracts';
import { token } from '../nouns/token.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import type { Candidate } from '../program/verb.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface RevokeOptions {
  readonly output?: 'json' | 'yaml' | 'name';
}

/** Ends tokens: the next request with one is refused, and what is open with it closes. */
export const tokenRevoke = defineVerb<RevokeOptions>({
  examples: ['token revoke ann', 'token revoke 3f1c0a9be47d2265', 'token revoke ann bob -o name'],
  declare: (command) =>
    void command
      .argument('<token...>', 'an id, or a name and with it every token of it')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: standingTokens,
  run: async (session, which, { output }) => {
    const { client } = await session.api();
    for (const each of which) {
      const { revoked } = await client.call(operations.revokeToken, { params: { token: each } });
      if (output === 'json' || output === 'yaml') session.printExact(await structured({ revoked }, output));
      else session.print(revoked.map((one) => `${lineOf(one, output)}\n`).join(''));
    }
  },
});

function lineOf({ metadata }: TokenView, output: RevokeOptions['output']): string {
  return output === 'name' ? `token/${metadata.uid}` : `token/${metadata.uid} of ${visible(metadata.name)} revoked`;
}

/** Names first: whoever leaves leaves with everything. */
async function standingTokens(session: Session, args: readonly string[]): Promise<readonly Candidate[]> {
  const standing: TokenView[] = [];
  for await (const item of token.list(await session.api(), {})) standing.push(item as TokenView);
  const active = standing.filter(({ status }) => status.state === 'Active');
  const names = [...new Set(active.map(({ metadata }) => metadata.name))].map((text) => ({ text }));
  const ids = active.map(({ metadata }) => ({ text: metadata.uid, about: metadata.name }));
  return [...names, ...ids].filter(({ text }) => !args.includes(text));
}
