import { isoTime } from '@flotilla/foundation';
import { passes, type GateKind } from './judge.ts';

/** Nobody says when another application has arrived, so it is looked at again and again. */
const lookAgainMs = 30_000;

/** Another application has to have arrived in an environment, and to be well there. */
export const dependencyGate: GateKind<'dependency'> = {
  title: ({ application, environment }) => `${application} in ${environment}`,
  judge: ({ application, environment }, { facts, now }) => {
    const neighbour = facts.neighbours.find(
      (each) => each.application === application && each.environment === environment,
    );
    if (neighbour?.arrived && !neighbour.degraded) return passes;
    const state = neighbour ? (neighbour.degraded ? 'is Degraded' : 'is on its way') : 'has never arrived';
    return {
      wait: {
        blockedBy: `${application} ${state} in ${environment}`,
        ...(neighbour?.since && { since: isoTime(neighbour.since.getTime()) }),
        whoCanAct: `whoever mends it; see: flotilla explain application ${application}`,
      },
      lookAt: new Date(now.getTime() + lookAgainMs),
    };
  },
};
