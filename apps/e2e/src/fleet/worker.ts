/** A process of simulated agents, on behalf of the one that started it; it ends with it. */
import { mapLimited, systemIds, systemRandom, toFault } from '@flotilla/foundation';
import { createNkey } from '@flotilla/platform-bus';
import { FleetAgent } from './fleet-agent.ts';
import { FleetTally } from './fleet-tally.ts';
import { knock } from './knock.ts';
import { TickingClock } from './ticking-clock.ts';
import type { FleetAnswer, FleetQuestion, FleetVerb, FleetWork, Invitation, Told } from './worker-messages.ts';

type Handlers = {
  readonly [Verb in FleetVerb]: (request: FleetWork[Verb]['request']) => Promise<FleetWork[Verb]['answer']>;
};

const agents: FleetAgent[] = [];
const tally = new FleetTally();
const clock = new TickingClock();

const handlers: Handlers = {
  enrol: async (request) => {
    await mapLimited(request.invitations, request.atOnce, (invitation) => letIn(invitation, request));
    return { enrolled: agents.length };
  },
  figures: async () => tally.figures(),
  stir: async ({ clusters, targetsEach }) => {
    let stirred = 0;
    for (const agent of agents) if (stirred < clusters && agent.stir(targetsEach) > 0) stirred++;
    return { stirred };
  },
  told: async () => agents.map(toldBy),
};

async function letIn({ name, token }: Invitation, { url, verify }: FleetWork['enrol']['request']): Promise<void> {
  const user = createNkey('user');
  const body = { token, userKey: user.publicKey, kubernetesUid: name };
  const { cluster, userJwt, servers, orderKeys } = await knock(url, body, Number(name.split('-').at(-1)));
  const agent = new FleetAgent({
    identity: { cluster, credentials: { jwt: userJwt, seed: user.seed }, servers, orderKeys },
    instance: systemIds.next(),
    verify,
    tally,
    clock,
    random: systemRandom,
  });
  agents.push(agent);
  agent.start();
}

function toldBy({ cluster, statuses, deployments }: FleetAgent): Told {
  const newest = statuses.map(({ target, generation, sync, health, appliedAt, release }) => ({
    target,
    generation,
    sync,
    health,
    ...(appliedAt && { appliedAt }),
    ...(release && { release }),
  }));
  return { cluster, statuses: newest, deployments };
}

async function answer({ id, verb, request }: FleetQuestion): Promise<FleetAnswer> {
  try {
    const handle = handlers[verb] as (asked: unknown) => Promise<unknown>;
    return { id, answer: await handle(request) };
  } catch (error) {
    return { id, problem: toFault(error).message };
  }
}

process.on('message', (question: FleetQuestion) => void answer(question).then((said) => process.send?.(said)));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; whoever started this one says when it ends.
process.on('SIGINT', () => undefined);
