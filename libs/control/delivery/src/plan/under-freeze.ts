import {
  expiryOf,
  freezesInForce,
  intentOf,
  isFrozenBy,
  isInForce,
  mayPass,
  runIntent,
  type BreakGlass,
  type DesiredEntry,
  type EntryFreeze,
  type EntryNeed,
  type Labels,
} from '@flotilla/model';
import type { DeliveryFacts, FreezeFacts, TargetFacts } from '../facts.ts';

/** As many as an entry carries; those that are left out are the narrowest and shortest. */
const freezesMax = 20;

/** What a plan makes of a target, as far as a freeze cares. */
type PlannedTarget = Pick<TargetFacts, 'uid' | 'cluster' | 'environment' | 'onRemove'> & {
  readonly entry: Omit<DesiredEntry, 'generation'>;
};

/**
 * What becomes of planned changes where freezes hold: the first in the order of authority, above whatever chose the
 * content. What stands there goes on standing, with all its settings, and neither leaves nor comes back; its entry says
 * who froze it, because its agent has to keep that by itself. A target that is new is told of, and held by its agent.
 */
export function underFreezes(facts: DeliveryFacts): <Change extends PlannedTarget>(change: Change) => Change {
  const labels = new Map(facts.clusters.map((cluster) => [cluster.uid, cluster.labels]));
  const standing = new Map(facts.targets.map((target) => [target.uid, target]));
  const now = facts.now.getTime();
  return (change) => {
    const { environment, cluster, uid } = change;
    const frozen = freezesOver(facts, { environment, labels: labels.get(cluster) ?? {} }).slice(0, freezesMax);
    return frozen.length > 0 ? held(change, { frozen, now, standing: standing.get(uid) }) : thawed(change);
  };
}

/** The freezes that hold in a place now, whether its target was planned since or not; the widest and longest first. */
export function freezesOver(
  { freezes, application, now }: Pick<DeliveryFacts, 'freezes' | 'application' | 'now'>,
  where: { readonly environment: string; readonly labels: Labels },
): readonly EntryFreeze[] {
  const place = { application: application.name, ...where };
  const about = freezes.filter(({ spec }) => isFrozenBy(spec, place)).map(entryFreeze);
  return freezesInForce(about, now.getTime());
}

interface Freezing {
  readonly frozen: readonly EntryFreeze[];
  readonly standing: TargetFacts | undefined;
  readonly now: number;
}

function held<Change extends PlannedTarget>(change: Change, { frozen, standing, now }: Freezing): Change {
  const breakGlass = standing && glassOf(standing, now);
  const { sourceDigest } = change.entry;
  // The glass is broken for something that is to run, and never for a departure.
  const order = { sourceDigest, ...(intentOf(change.entry) === 'run' && { breakGlass }) };
  const { entry, onRemove } = standing && !mayPass(order, frozen, now) ? standing : change;
  const isBroken = breakGlass !== undefined && isInForce(breakGlass, now);
  const kept = thawedEntry(entry, ['freeze']);
  return { ...change, onRemove, entry: { ...kept, frozen: [...frozen], ...(isBroken && { breakGlass }) } };
}

/** The glass that an order to go back broke for what it holds here, else the one that somebody broke for what enters. */
function glassOf({ pin, entry }: TargetFacts, now: number): BreakGlass | undefined {
  if (pin?.glassUntil === undefined || !isInForce({ expires: pin.glassUntil }, now)) return entry.breakGlass;
  const { by, reason, since, glassUntil: expires, content } = pin;
  return { by, reason, since, expires, sourceDigest: content.sourceDigest };
}

/** Nothing is left of a freeze that is over, nor of the glass that was broken for it. */
function thawed<Change extends PlannedTarget>(change: Change): Change {
  const { frozen, breakGlass, needs = [] } = change.entry;
  if (!frozen && !breakGlass && !needs.includes('freeze')) return change;
  return { ...change, entry: thawedEntry(change.entry, []) };
}

type Entry = Omit<DesiredEntry, 'generation'>;

/** An entry with other needs. Whoever lets a target go needs nothing, frozen or not: every agent can. */
function thawedEntry(entry: Entry, needs: readonly EntryNeed[]): Entry {
  const { frozen: _frozen, breakGlass: _breakGlass, needs: before = [], ...rest } = entry;
  if (intentOf(entry) !== 'run') return rest;
  const others = before.filter((need) => need !== 'freeze') as EntryNeed[];
  return { ...rest, ...runIntent([...others, ...needs]) };
}

function entryFreeze({ name, spec, by, since }: FreezeFacts): EntryFreeze {
  const expires = expiryOf(spec);
  return { name, scope: spec.scope, by, reason: spec.reason, since, ...(expires !== undefined && { expires }) };
}
