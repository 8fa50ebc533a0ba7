import { isoTime } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type WebGate } from '@flotilla/model';
import type { DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { isForNobody } from '../plan/open-clusters.ts';
import { liftCommand } from '../quarantine.ts';
import { finishedIn, hasEntered, placeOf, type Walk } from './finished-in.ts';
import { judgeGates } from './gates/judge-gates.ts';
import { heldWaits } from './holds.ts';
import type { PromotionFacts, PromotionOrder, StageFollowing } from './promotion-facts.ts';
import { recordWaits } from './stage-records.ts';
import type { Candidate, GateWait } from './stage-standing.ts';
import { untriedInputs, untriedSettings } from './untried-inputs.ts';
import { writersOf } from './writers-of.ts';

/** A stage that comes after others. */
export type Follower = StageFacts & { readonly following: StageFollowing };

/** What candidates before a stage are judged by. */
export interface StageContext {
  readonly facts: DeliveryFacts;
  readonly promotion: PromotionFacts;
  readonly walk: Walk;
}

/** A candidate with what is needed to choose among them. */
export interface JudgedCandidate extends Omit<Candidate, 'state'> {
  readonly facts: ReleaseFacts;
  readonly never: boolean;
  readonly lookAt?: Date | undefined;
  readonly asks: readonly WebGate[];
  readonly orderedBy: string | undefined;
}

/** What a release before a stage waits for, what it passed, and whether it can ever enter. */
export function judgeCandidate(
  release: ReleaseFacts,
  stage: Follower,
  { facts, promotion, walk }: StageContext,
): JudgedCandidate {
  const { environment, following, current } = stage;
  const { now, application } = facts;
  const { after, gates, promote } = following;
  const visits = new Map(after.map((each) => [each, finishedIn(each, release, walk)] as const));
  const writers = writersOf(environment, { ...promotion, releases: walk.releases.slice(placeOf(release.uid, walk)) });
  const context = { now, application, environment, release, writers, visits, facts: promotion };
  const { waits, passed, never, lookAt, asks } = judgeGates(gates, context);
  const order = promotion.orders.find((each) => each.environment === environment && each.release === release.uid);
  const runs = walk.releases.find(({ uid }) => uid === current?.release);
  const settings = untriedSettings(environment, release, { after, runs });
  const back = order ? [] : takenBack(release, stage, { walk, name: application.name });
  return {
    release: release.uid,
    revision: release.revision,
    digest: release.digests[environment]!,
    facts: release,
    never: never || back.length > 0,
    lookAt,
    asks,
    orderedBy: order?.who,
    passed,
    waits: never
      ? waits
      : [
          ...waits,
          ...quarantined(release, environment, facts),
          ...back,
          ...heldWaits(release, { application: application.name, environment, after }, { holds: promotion.holds, now }),
          ...unordered({ promote, order, name: application.name, environment }),
          ...(isForNobody(stage, facts) ? [] : underWay(release, stage, { promotion, order, name: application.name })),
          ...recordWaits(release.digests[environment], {
            environment,
            place: following.record,
            records: promotion.records,
          }),
        ],
    untried: untriedInputs(environment, release, { after, runs }),
    ...(settings.length > 0 && { untriedSettings: settings }),
  };
}

/** What was taken away from here does not come back by itself, nor by an order. */
function quarantined(release: ReleaseFacts, environment: string, facts: DeliveryFacts): GateWait[] {
  const refused = facts.quarantine.find(({ digest }) => digest === release.digests[environment]);
  if (!refused) return [];
  const blockedBy = `what it brings ${environment} is in quarantine (${refused.by}: ${refused.reason})`;
  const lifting = liftCommand(facts.application.name, refused.digest);
  return [{ gate: 'promote', blockedBy, whoCanAct: `whoever may run: ${lifting}` }];
}

/** After a step back only what is newer than all that was ever there goes on by itself; a person may order the rest. */
function takenBack(
  release: ReleaseFacts,
  { environment, current }: Follower,
  { walk, name }: { readonly walk: Walk; readonly name: string },
): GateWait[] {
  const newest = walk.releases.find(({ uid }) => hasEntered(environment, uid, walk));
  if (!newest || newest.uid === current?.release) return [];
  if (placeOf(release.uid, walk) < placeOf(newest.uid, walk)) return [];
  const blockedBy = `${environment} was taken back from ${shortCommit(newest.revision)}`;
  return [{ gate: 'promote', blockedBy, whoCanAct: `whoever may run: ${promoting(name, environment, release)}` }];
}

interface OrderQuestion {
  readonly promote: StageFollowing['promote'];
  readonly order: PromotionOrder | undefined;
  readonly name: string;
  readonly environment: string;
}

function unordered({ promote, order, name, environment }: OrderQuestion): GateWait[] {
  if (promote === 'auto' || order) return [];
  const whoCanAct = `whoever may run: flotilla promote ${name} --to ${environment} --reason WHY`;
  return [{ gate: 'promote', blockedBy: 'nobody has promoted it', whoCanAct }];
}

/** A rollout finishes before the next begins, unless it is not well, or a person wants the next one instead. */
function underWay(
  release: ReleaseFacts,
  { environment }: Follower,
  { promotion, order, name }: Pick<OrderQuestion, 'order' | 'name'> & { readonly promotion: PromotionFacts },
): GateWait[] {
  const open = promotion.past.find((rollout) => rollout.environment === environment && isOpenRollout(rollout.state));
  if (!open || open.failing || order?.instead) return [];
  const since = isoTime(open.beganAt.getTime());
  const instead = promoting(name, environment, release).replace(' --reason', ' --instead --reason');
  const whoCanAct = `whoever may run: ${instead}; see: flotilla explain rollout ${name}.${environment}`;
  return [{ gate: 'rollout', blockedBy: `the rollout before it is under way in ${environment}`, since, whoCanAct }];
}

/** The order that names exactly this release. */
function promoting(name: string, environment: string, { revision }: ReleaseFacts): string {
  return `flotilla promote ${name} --to ${environment} --release ${shortCommit(revision)} --reason WHY`;
}
