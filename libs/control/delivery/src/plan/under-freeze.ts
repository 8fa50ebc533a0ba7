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
  type TargetPin,
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
  {
    freezes,
    application,
    now,
  }: Pick<DeliveryFacts, 'freezes' | 'now'> & { readonly application: Pick<DeliveryFacts['application'], 'name'> },
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

/** Glass is broken for what arrives: what is there already stands as it is, also where the glass was broken for it. */
function held<Change extends PlannedTarget>(change: Change, { frozen, standing, now }: Freezing): Change {
  const breakGlass = standing && glassOf(standing, { frozen, now });
  const { sourceDigest } = change.entry;
  // The glass is broken for something that is to run, and never for a departure.
  const order = { sourceDigest, ...(intentOf(change.entry) === 'run' && { breakGlass }) };
  const arrives = mayPass(order, frozen, now) && !(standing && runs(standing, sourceDigest));
  const { entry, onRemove } = standing && !arrives ? standing : change;
  const kept = thawedEntry(entry, ['freeze']);
  return { ...change, onRemove, entry: { ...kept, frozen: [...frozen], ...(breakGlass && { breakGlass }) } };
}

function runs({ entry }: TargetFacts, sourceDigest: string): boolean {
  return intentOf(entry) === 'run' && entry.sourceDigest === sourceDigest;
}

/**
 * The glass that is broken now: by an order to go back, for what it holds here, or by somebody for what enters; of two the
 * younger. An order passes the freezes that stood when it was given, and none that was set to stop it.
 */
function glassOf({ pin, entry }: TargetFacts, { frozen, now }: Omit<Freezing, 'standing'>): BreakGlass | undefined {
  const glasses = [...(pin ? glassOfPin(pin, frozen) : []), ...(entry.breakGlass ? [entry.breakGlass] : [])];
  const broken = glasses.filter((glass) => isInForce(glass, now));
  return broken.toSorted((left, right) => Date.parse(right.since) - Date.parse(left.since))[0];
}

function glassOfPin(
  { breakGlass, content, by, reason, since }: TargetPin,
  frozen: readonly EntryFreeze[],
): BreakGlass[] {
  if (!breakGlass || !frozen.every(({ name }) => breakGlass.freezes.includes(name))) return [];
  return [{ by, reason, since, expires: breakGlass.expires, sourceDigest: content.sourceDigest }];
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
