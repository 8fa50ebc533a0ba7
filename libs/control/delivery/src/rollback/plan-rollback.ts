import { isoTime, parseDuration, type Ids } from '@flotilla/foundation';
import type { RollbackRequest, TargetPin } from '@flotilla/model';
import type { DeliveryFacts, PinTurn, TargetFacts } from '../facts.ts';
import type { DeliveryPlan, PlannedRollout } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { freezesAt, movesOf, type ResolvedRollback, type RollbackPlace } from './resolve-rollback.ts';
import { rollbackCourse, type RollbackCourse } from './rollback-course.ts';

/** Who orders a rollback, and what every pin of it says. */
export interface RollbackMark extends Pick<TargetPin, 'rollback' | 'by' | 'reason' | 'since' | 'runHooks'> {
  /** Until when it passes the freezes that stand now, where it breaks the glass. */
  readonly breakGlassExpires?: string;
}

/** Until when the pins of an order pass freezes, where it breaks the glass. */
export function glassOfOrder(
  { breakGlass }: Pick<RollbackRequest, 'breakGlass'>,
  { since }: Pick<RollbackMark, 'since'>,
): Pick<RollbackMark, 'breakGlassExpires'> {
  return breakGlass === undefined ? {} : { breakGlassExpires: isoTime(Date.parse(since) + parseDuration(breakGlass)!) };
}

/** What is to be written of one application, so that it goes back. */
export interface PlannedRollback {
  readonly facts: DeliveryFacts;
  readonly plan: DeliveryPlan;
  /** By target uid. */
  readonly pins: ReadonlyMap<string, TargetPin>;
  readonly places: readonly PlannedPlace[];
  /** Source digests that enter nowhere from now on. */
  readonly refused: readonly string[];
}

/** A place that goes back, and the rollout that brings it there. */
export interface PlannedPlace extends RollbackCourse {
  readonly place: RollbackPlace;
  readonly rollout: string;
}

/**
 * What carries a resolved rollback out: pins, a rollout for each place, and the entries that follow from them. The entries
 * come from the plan of every day, with the pins as facts, so that a pinned target is the same whoever plans it next.
 */
export function planRollback(resolved: ResolvedRollback, mark: RollbackMark, ids: Ids): readonly PlannedRollback[] {
  const byApplication = Map.groupBy(resolved.places.filter(goesBack), ({ history }) => history.delivery);
  return [...byApplication].map(([facts, places]) => planApplicationBack(facts, places, { mark, ids }));
}

function planApplicationBack(
  facts: DeliveryFacts,
  places: readonly RollbackPlace[],
  { mark, ids }: { readonly mark: RollbackMark; readonly ids: Ids },
): PlannedRollback {
  const planned = places.map((place) => ({ place, rollout: ids.next(), ...rollbackCourse(place, facts.now) }));
  const pins = new Map(planned.flatMap((each) => pinsOf(each, mark)));
  const turns = new Map(planned.flatMap(turnsOf));
  const targets = facts.targets.map((target): TargetFacts => {
    const pin = pins.get(target.uid);
    return pin ? { ...target, pin, turn: turns.get(target.uid) } : target;
  });
  const { changes } = planDelivery({ ...facts, targets }, ids);
  const plan = {
    releases: [],
    rollouts: planned.map((each) => rolloutOf(each, mark)),
    withdrawn: planned.flatMap(({ place }) => (place.isWhole ? runningIn(facts, place.environment) : [])),
    changes: changes.filter(({ uid }) => pins.has(uid)),
    removals: [],
    agreed: [],
    problems: [],
  };
  const refused = planned.flatMap(({ place }) => (place.isWhole ? place.leaves : []));
  return { facts, plan, pins, places: planned, refused: [...new Set(refused)] };
}

/** Whether a place has a way, and somebody to go it or to be held there. */
export function goesBack({ to, waves, held }: RollbackPlace): boolean {
  return to !== undefined && waves.length + held.length > 0;
}

/** Glass is broken where something is frozen, and nowhere else. */
function pinsOf({ place, rollout }: PlannedPlace, { breakGlassExpires, ...mark }: RollbackMark): [string, TargetPin][] {
  const pin = { ...mark, rollout, content: pinned(place.to!.content) };
  return [...movesOf(place), ...place.held].map((one) => {
    const freezes = breakGlassExpires === undefined ? [] : freezesAt(one, place.history).map(({ name }) => name);
    const breakGlass = freezes.length > 0 && { breakGlass: { expires: breakGlassExpires!, freezes } };
    return [one.target.uid, { ...pin, ...breakGlass }];
  });
}

function turnsOf({ place, admitted }: PlannedPlace): [string, PinTurn][] {
  const first = new Set(admitted);
  const bound = [...movesOf(place), ...place.held];
  return bound.map(({ target, cluster }) => [target.uid, first.has(cluster.uid) ? 'taken' : 'waits']);
}

/** How an agent logs in is a setting of the day on which it does, and no part of what was released. */
function pinned({ source: { credential: _, ...source }, ...content }: TargetPin['content']): TargetPin['content'] {
  return { ...content, source };
}

function rolloutOf(
  { place: { environment, to, isWhole }, rollout, course, admitted }: PlannedPlace,
  { rollback }: RollbackMark,
): PlannedRollout {
  const { uid, revision } = to!.release;
  const way = { environment, release: uid, revision, cause: 'rollback' as const, rollback };
  return { uid: rollout, ...way, course, admitted, ...(!isWhole && { partial: true }) };
}

/** Whatever is on its way into an environment that goes back as a whole arrives nowhere any more. */
function runningIn({ running }: DeliveryFacts, environment: string): readonly string[] {
  return running.filter((each) => each.environment === environment).map(({ rollout }) => rollout);
}
