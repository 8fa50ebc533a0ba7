import { operations } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { exitCodes } from '../exit-codes.ts';
import { cluster } from '../nouns/cluster.ts';
import { requireItem } from '../nouns/find-item.ts';
import { visible } from '../output/visible.ts';
import { askPerson } from '../program/ask-person.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface ForgetOptions {
  readonly yes?: boolean;
  readonly evenConnected?: boolean;
}

/** How many targets are named before they are only counted. */
const namedMax = 20;

/** Takes a cluster that is gone off the record. Nothing is deleted in it, and nothing is told to it if it comes back. */
export const clusterForget = defineVerb<ForgetOptions>({
  examples: ['cluster forget eu-1', 'cluster forget eu-1 --yes'],
  declare: (command) =>
    void command
      .argument('<name>')
      .option('-y, --yes', 'do not ask')
      .option('--even-connected', 'although its agent is heard'),
  complete: async (session, args) => (args.length === 0 ? namesOf(session, cluster) : []),
  run: async (session, [name = ''], { yes = false, evenConnected = false }) => {
    const api = await session.api();
    await requireItem(api, cluster, name);
    await announce(session, name);
    if (!yes && !(await askPerson(session, `forget cluster/${name}`))) return exitCodes.failure;
    const call = { params: { project: api.project, name }, query: { evenConnected: String(evenConnected) } };
    await api.client.call(operations.forgetCluster, call);
    session.print(`cluster/${visible(name)} forgotten`);
    return exitCodes.ok;
  },
});

/** What stays there, before it is too late to think of deleting it: that takes an agent that is heard. */
async function announce(session: Session, name: string): Promise<void> {
  const api = await session.api();
  const names: string[] = [];
  const query = { cluster: name, limit: 500 };
  for await (const { metadata } of api.client.list(operations.listTargets, { params: { project: api.project }, query }))
    names.push(metadata.name);
  if (names.length === 0) return;
  const shown = names.slice(0, namedMax).map(visible).join(', ');
  const more = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
  session.note(`${counted(names.length, 'target')} there are orphaned, and run on as they are: ${shown}${more}`);
  session.note(
    'to have objects deleted, move a connected cluster out of its environments first: onRemove says what happens',
  );
}
