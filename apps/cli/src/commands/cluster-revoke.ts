import { operations } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { cluster } from '../nouns/cluster.ts';
import { visible } from '../output/visible.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

interface RevokeOptions {
  readonly reason: string;
}

/** Shuts out whoever holds an identity of a cluster. What runs in it goes on as it is. */
export const clusterRevoke = defineVerb<RevokeOptions>({
  examples: ['cluster revoke eu-1 --reason "a node was stolen"'],
  declare: (command) => void command.argument('<name>').requiredOption('--reason <text>', 'stands in the ledger'),
  complete: async (session, args) => (args.length === 0 ? namesOf(session, cluster) : []),
  run: async (session, [name = ''], { reason }) => {
    const api = await session.api();
    await sendOrder(api, operations.revokeCluster, { params: { project: api.project, name }, body: { reason } });
    session.print(`cluster/${visible(name)} revoked`);
    session.note(`what runs there goes on as it is; to let it in again: flotilla cluster join ${visible(name)}`);
  },
});
