import type { QuarantineView, TargetView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { shortDigest } from '@flotilla/model';
import { reasonArgument, type Order } from '../orders/order.ts';
import { shellWord } from '../text/shell-word.ts';

/** Targets of one application in one environment that one order holds at one revision. */
export interface StandingPin {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly by: string;
  readonly reason: string;
  readonly since: string;
  readonly clusters: readonly string[];
  /** How many targets are held in its place altogether. */
  readonly inPlace: number;
}

/** What stands against Git now, the newest first. */
export function standingPins(targets: Iterable<TargetView>): readonly StandingPin[] {
  const found = new Map<string, StandingPin & { readonly clusters: string[] }>();
  for (const { spec } of targets) {
    const { application, environment, revision, cluster, pin } = spec;
    if (!pin) continue;
    const { by, reason, since } = pin;
    const key = JSON.stringify([application, environment, revision, by, reason, since]);
    const standing = found.get(key);
    if (standing) standing.clusters.push(cluster);
    else found.set(key, { application, environment, revision, by, reason, since, clusters: [cluster], inPlace: 0 });
  }
  const all = [...found.values()].toSorted((left, right) => (left.since < right.since ? 1 : -1));
  return all.map((pin) => ({ ...pin, inPlace: heldInPlace(pin, all) }));
}

/** An order to let go is for a place, whoever set the pins there. */
function heldInPlace({ application, environment }: StandingPin, all: readonly StandingPin[]): number {
  const here = all.filter((pin) => pin.application === application && pin.environment === environment);
  return here.reduce((sum, { clusters }) => sum + clusters.length, 0);
}

/** Where targets are held, and how many. */
type HeldPlace = Pick<StandingPin, 'application' | 'environment' | 'inPlace'>;

/** Two of the ways in which a pin ends are a person's; the third is Git's own. */
export function pinOrders({ application, environment, inPlace }: HeldPlace): readonly Order[] {
  const place = `application ${shellWord(application)} --environment ${shellWord(environment)}`;
  const all = `${counted(inPlace, 'target')} of ${environment}`;
  return [
    {
      does: 'Go forward',
      touches: `lets ${all} go on to something newer; refused while there is nothing newer that is not in quarantine.`,
      command: `flotilla unpin ${place} --forward ${reasonArgument}`,
    },
    {
      does: 'Let go',
      touches: `has ${all} run what Git says, whatever that is.`,
      command: `flotilla unpin ${place} ${reasonArgument}`,
    },
  ];
}

/** How a quarantine ends. */
export function liftOrder({ spec: { application, digest } }: QuarantineView): Order {
  return {
    does: 'Lift',
    touches: `lets source digest ${shortDigest(digest)} of ${application} enter again, in every environment.`,
    command: `flotilla quarantine lift ${shellWord(application)} ${shellWord(shortDigest(digest))} ${reasonArgument}`,
  };
}
