import { digestOf } from '@flotilla/foundation/node';
import {
  freezeInTheWay,
  readGoal,
  shortCommit,
  type BlastRadius,
  type EntryFreeze,
  type Reason,
  type RollbackRequest,
} from '@flotilla/model';
import type { ClusterFacts, ReleaseFacts, TargetFacts } from '../facts.ts';
import type { EntryContent } from '../plan/target-content.ts';
import { freezesOver } from '../plan/under-freeze.ts';
import { chooseRelease, type ChosenRelease } from './choose-release.ts';
import { targetsOf } from './good-releases.ts';
import type { ApplicationHistory, RollbackFacts } from './rollback-facts.ts';
import { rollbackScopes, type RollbackScope, type ScopedTargetFacts } from './rollback-scope.ts';
import { everybodyAtOnce, rollbackWaves, type RollbackWave } from './rollback-waves.ts';

/** What an order to go back comes to: for each application and environment its way, and how much of the fleet it touches. */
export interface ResolvedRollback {
  readonly places: readonly RollbackPlace[];
  readonly blast: BlastRadius;
  /** What it rests on, in one word: who gives the order names it, so that nobody goes back from what he has not seen. */
  readonly standing: string;
}

/** One application in one environment. */
export interface RollbackPlace {
  readonly history: ApplicationHistory;
  readonly environment: string;
  /** What its targets are ordered to run now, without what it goes back to. */
  readonly from: readonly ReleaseFacts[];
  /** Source digests that it goes away from. */
  readonly leaves: readonly string[];
  readonly to?: { readonly release: ReleaseFacts; readonly content: EntryContent } | undefined;
  /** Why it goes nowhere. */
  readonly problem?: Reason | undefined;
  /** The targets that change, wave by wave. */
  readonly waves: readonly RollbackWave<RollbackMove>[];
  /** Targets that are ordered to run it already; they are held there. */
  readonly held: readonly ScopedTargetFacts[];
  /** Targets that the order passes by, each with why. */
  readonly excluded: readonly ExcludedTarget[];
  /** What a person has to know before he does it. */
  readonly warnings: readonly Reason[];
  readonly isWhole: boolean;
}

/** All that go back in a place, in the order of their waves. */
export function movesOf({ waves }: RollbackPlace): readonly RollbackMove[] {
  return waves.flatMap(({ moves }) => moves);
}

/** A target that goes back. */
export interface RollbackMove extends ScopedTargetFacts {
  /** It never ran that here: it has to be fetched first. */
  readonly fetches: boolean;
}

/** A target that an order passes by. */
export interface ExcludedTarget extends ScopedTargetFacts {
  readonly reason: Reason;
}

/** What of an order says where it goes, and how. */
export type RollbackAsked = Pick<RollbackRequest, 'selection' | 'to' | 'breakGlass'> & {
  readonly atOnce?: boolean | undefined;
};

/** Decides what an order to go back would do. Pure, and the same for the preview and for the order itself. */
export function resolveRollback(facts: RollbackFacts, request: RollbackAsked) {
  const scopes = rollbackScopes(facts.applications, request.selection);
  const places = scopes.map((scope) => resolvePlace(scope, request));
  return { places, blast: blastOf(places), standing: standingOf(places) } satisfies ResolvedRollback;
}

function resolvePlace(scope: RollbackScope, { to, atOnce = false, breakGlass }: RollbackAsked): RollbackPlace {
  const goal = readGoal(to);
  const breaksGlass = breakGlass !== undefined;
  const excluded = scope.targets.flatMap((one) => exclusionOf(one, scope.history, breaksGlass));
  const open = without(scope.targets, excluded);
  const chosen = goal.ok ? chooseRelease({ ...scope, targets: open }, goal.value) : undefined;
  const { history, environment, isWhole } = scope;
  const base = { history, environment, isWhole, excluded, waves: [], held: [], warnings: [], leaves: [] };
  if (!chosen?.ok) return { ...base, from: releasesOf(open, history), problem: chosen?.reason ?? goalUnread(to) };
  if (breaksGlass) return { ...base, ...wayTo(chosen.value, { ...scope, targets: open }, { atOnce, breaksGlass }) };
  // Glass that was broken before names one source digest: only now is it known whether this order brings it.
  const frozen = open.flatMap((one) => frozenOf(one, history, chosen.value.content.sourceDigest));
  const targets = without(open, frozen);
  return { ...base, excluded: [...excluded, ...frozen], ...wayTo(chosen.value, { ...scope, targets }, { atOnce }) };
}

/** In one pass: a freeze may pass by a whole fleet. */
function without(targets: readonly ScopedTargetFacts[], passedBy: readonly ExcludedTarget[]): ScopedTargetFacts[] {
  const left = new Set(passedBy.map(({ target }) => target.uid));
  return targets.filter(({ target }) => !left.has(target.uid));
}

interface Way {
  readonly atOnce: boolean;
  readonly breaksGlass?: boolean;
}

function wayTo(
  chosen: ChosenRelease,
  { history, environment, targets }: RollbackScope,
  { atOnce, breaksGlass = false }: Way,
) {
  const { release, content } = chosen;
  const isThere = ({ target: { entry } }: ScopedTargetFacts) => entry.release === release.uid;
  const moving = targets.filter((one) => !isThere(one));
  const healthOf = ({ target }: RollbackMove) => history.now.get(target.uid)?.health ?? 'Unknown';
  // Whoever reads the record gets its rows as they come; the waves of a preview are those of its order.
  const byName = moving.toSorted((left, right) => (left.cluster.name < right.cluster.name ? -1 : 1));
  const holders = holdersOf(release, { history, environment });
  const moves = byName.map((one) => ({ ...one, fetches: !holders.has(one.target.uid) }));
  return {
    from: releasesOf(moving, history),
    leaves: digestsLeft(moving, content),
    to: { release, content },
    waves: atOnce ? everybodyAtOnce(moves) : rollbackWaves(moves, healthOf),
    held: targets.filter(isThere),
    warnings: [...warningsOf(chosen, moving, history), ...(breaksGlass ? freezesPassed(targets, history) : [])],
  };
}

/**
 * A stop or a freeze that a person ordered outranks every way back; where glass is broken, it depends on what comes, or
 * the order itself passes.
 */
function exclusionOf(one: ScopedTargetFacts, history: ApplicationHistory, breaksGlass: boolean): ExcludedTarget[] {
  const { breakGlass, suspended } = one.target.entry;
  const frozen = breaksGlass ? [] : frozenOf(one, history, breakGlass?.sourceDigest);
  if (frozen.length > 0) return frozen;
  const said = suspended ? `${suspended.by}: ${suspended.reason}` : history.now.get(one.target.uid)?.suspended;
  return said === undefined ? [] : [{ ...one, reason: { code: 'Suspended', message: said } }];
}

/** Whether a freeze stops what an order would bring here. */
function frozenOf(one: ScopedTargetFacts, history: ApplicationHistory, sourceDigest = ''): ExcludedTarget[] {
  const { breakGlass } = one.target.entry;
  const now = history.delivery.now.getTime();
  const freeze = freezeInTheWay({ breakGlass, sourceDigest }, freezesAt(one, history), now);
  if (!freeze) return [];
  const ways = `lift it with: flotilla unfreeze ${freeze.name}; or go back past it with --break-glass`;
  return [{ ...one, reason: { code: 'Frozen', message: `${freezeSaid(freeze)}; ${ways}` } }];
}

/** The freezes that hold where a target is. */
export function freezesAt(
  { target, cluster }: ScopedTargetFacts,
  { delivery }: ApplicationHistory,
): readonly EntryFreeze[] {
  return freezesOver(delivery, { environment: target.environment, labels: cluster.labels });
}

function freezeSaid({ name, by, reason }: EntryFreeze): string {
  return `freeze ${name} by ${by}: ${reason}`;
}

/**
 * The targets that ever ran what a release brings. Found in one pass: a fleet has as many runs as targets times releases, and
 * to look through them for each target takes seconds in which nobody else is answered.
 */
function holdersOf(
  { digests }: ReleaseFacts,
  { history, environment }: { history: ApplicationHistory; environment: string },
): ReadonlySet<string> {
  const same = history.delivery.releases.filter((each) => each.digests[environment] === digests[environment]);
  const uids = new Set(same.map(({ uid }) => uid));
  return new Set(history.runs.flatMap((run) => (uids.has(run.release) ? [run.target] : [])));
}

function releasesOf(targets: readonly ScopedTargetFacts[], { delivery }: ApplicationHistory): readonly ReleaseFacts[] {
  const ordered = new Set(targets.map(({ target }) => target.entry.release));
  return delivery.releases.filter(({ uid }) => ordered.has(uid));
}

function digestsLeft(targets: readonly ScopedTargetFacts[], { sourceDigest }: EntryContent): readonly string[] {
  const digests = new Set(targets.map(({ target }) => target.entry.sourceDigest));
  digests.delete(sourceDigest);
  return [...digests].toSorted();
}

function warningsOf(
  { release, wasNotGood }: ChosenRelease,
  moving: readonly ScopedTargetFacts[],
  { now }: ApplicationHistory,
): readonly Reason[] {
  const kept = new Set(moving.flatMap(({ target }) => now.get(target.uid)?.irreversible ?? []));
  const message = `${[...kept].toSorted().slice(0, namedMax).join(', ')}: going back changes the manifests, and not what is stored`;
  return [
    ...(wasNotGood
      ? [{ code: 'NotGood', message: `${shortCommit(release.revision)} was never well on most targets here` }]
      : []),
    ...(kept.size > 0 ? [{ code: 'KeepsData', message }] : []),
  ];
}

/** Each freeze once: who ordered it is to be asked before, and told after. */
function freezesPassed(targets: readonly ScopedTargetFacts[], history: ApplicationHistory): readonly Reason[] {
  const messages = new Set(targets.flatMap((one) => freezesAt(one, history).map(freezeSaid)));
  return [...messages].toSorted().map((message) => ({ code: passesFreeze, message }));
}

const passesFreeze = 'PassesFreeze';
const namedMax = 5;

function goalUnread(to: string): Reason {
  return { code: 'GoalUnread', message: `\`${to}\` is nothing that one can go back to` };
}

function blastOf(places: readonly RollbackPlace[]): BlastRadius {
  const moving = places.filter(({ waves }) => waves.length > 0);
  const moves = moving.flatMap(movesOf);
  const count = (values: readonly unknown[]) => new Set(values).size;
  return {
    applications: count(moving.map(({ history }) => history.delivery.application.uid)),
    environments: count(moving.map(({ environment }) => environment)),
    clusters: count(moves.map(({ cluster }: { cluster: ClusterFacts }) => cluster.uid)),
    targets: moves.length,
  };
}

/**
 * Moves with every intent that was accepted since, and with every freeze that would be passed; with nothing else, since
 * health may change while a person reads.
 */
function standingOf(places: readonly RollbackPlace[]): string {
  const stands = places.map(({ history: { delivery }, environment, to, problem, warnings }) => ({
    application: delivery.application.uid,
    environment,
    to: to?.release.uid ?? problem?.code,
    passed: warnings.filter(({ code }) => code === passesFreeze),
    rollout: delivery.stages.find((stage) => stage.environment === environment)?.current?.rollout,
    rollbacks: rollbacksIn(delivery.targets, environment),
  }));
  return digestOf(stands);
}

function rollbacksIn(targets: readonly TargetFacts[], environment: string): readonly string[] {
  const rollbacks = targetsOf(targets, environment).flatMap(({ pin }) => pin?.rollback ?? []);
  return [...new Set(rollbacks)].toSorted();
}
