import type { DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { placeOf, type Walk } from './finished-in.ts';
import { isLapsed, stageHolds } from './holds.ts';
import { judgeCandidate, type Follower, type JudgedCandidate, type StageContext } from './judge-candidate.ts';
import { idleAnswers, planQuestions } from './plan-questions.ts';
import type { HoldFacts, PromotionFacts, PromotionOrder } from './promotion-facts.ts';
import { planRecord, type PlannedRecord } from './stage-records.ts';
import type { Candidate, StageStanding } from './stage-standing.ts';
import type { PlannedQuestion } from './web-answers.ts';
import { whatRuns } from './what-runs.ts';

/** How an order to promote ended: its release entered; something newer runs there; it can never enter; another order came. */
export const orderOutcomes = ['Entered', 'Superseded', 'Skipped', 'Replaced'] as const;
export type OrderOutcome = (typeof orderOutcomes)[number];

/** An order to promote that has come to its end. */
export interface EndedOrder {
  readonly order: PromotionOrder;
  readonly outcome: OrderOutcome;
}

/** What may go on through a pipeline now, and what everything else waits for. */
export interface PlannedPromotions {
  /** The release that enters each stage after others now. */
  readonly entering: ReadonlyMap<string, ReleaseFacts>;
  readonly standings: readonly StageStanding[];
  readonly ended: readonly EndedOrder[];
  /** Whom to ask outside, about what. */
  readonly questions: readonly PlannedQuestion[];
  /** What is to be written down in Git: before it enters, or because it runs. */
  readonly records: readonly PlannedRecord[];
  /** What is not to be written down any more. */
  readonly withdrawnRecords: readonly string[];
  /** Questions that are about nothing any more. */
  readonly idle: readonly string[];
  /** Holds that came to their end by themselves. */
  readonly lapsed: readonly HoldFacts[];
  /** When something changes by time alone. */
  readonly nextLook?: Date;
}

const none: PlannedPromotions = {
  entering: new Map(),
  standings: [],
  ended: [],
  questions: [],
  records: [],
  withdrawnRecords: [],
  idle: [],
  lapsed: [],
};

/**
 * Decides which releases enter the stages that come after others. Pure. A release goes where it finished in each stage
 * before, or where nothing but that stage's own inputs changed; of several that may, the newest goes, and nothing ever
 * enters after something newer.
 */
export function planPromotions(
  facts: DeliveryFacts,
  { releases, entering: tracked }: { readonly releases: readonly ReleaseFacts[]; readonly entering: Walk['entering'] },
): PlannedPromotions {
  const { promotion } = facts;
  if (!promotion) return none;
  const entering = new Map(tracked);
  const judgedStages: JudgedStage[] = [];
  for (const stage of inOrder(facts.stages)) {
    const judged = judgeStage(stage, { facts, promotion, walk: { releases, past: promotion.past, entering } });
    if (judged.enters) entering.set(stage.environment, judged.enters);
    judgedStages.push(judged);
  }
  const looks = [...judgedStages.flatMap((judged) => judged.looks), ...holdEnds(facts.now, promotion)];
  const promoted = new Map([...entering].filter(([environment]) => !tracked.has(environment)));
  return {
    entering: promoted,
    standings: judgedStages.map(({ standing }) => standing),
    ended: [...ordersNowhere(facts.stages, promotion), ...judgedStages.flatMap(({ ended }) => ended)],
    questions: judgedStages.flatMap(({ questions }) => questions),
    records: judgedStages.flatMap(({ records }) => records),
    withdrawnRecords: [
      ...recordsNowhere(facts.stages, promotion),
      ...judgedStages.flatMap(({ withdrawnRecords: uids }) => uids),
    ],
    idle: [...answersNowhere(facts.stages, promotion), ...judgedStages.flatMap(({ idle }) => idle)],
    lapsed: promotion.holds.filter((hold) => isLapsed(hold, facts.now) || !isFollower(hold, facts.stages)),
    ...(looks.length > 0 && { nextLook: new Date(Math.min(...looks)) }),
  };
}

/** Each after all that it comes after, so that it is known what those take in this very plan. */
function inOrder(stages: readonly StageFacts[]): Follower[] {
  const done = new Set(stages.filter(({ following }) => !following).map(({ environment }) => environment));
  const ordered: Follower[] = [];
  let left = stages.filter((stage): stage is Follower => stage.following !== undefined);
  while (left.length > 0) {
    const ready = left.filter(({ following }) => following.after.every((environment) => done.has(environment)));
    // Documents that go in a circle, or name what is not there, are refused; nothing of that ever moves.
    if (ready.length === 0) break;
    ordered.push(...ready);
    for (const { environment } of ready) done.add(environment);
    left = left.filter((stage) => !ready.includes(stage));
  }
  return ordered;
}

interface JudgedStage {
  readonly enters?: ReleaseFacts | undefined;
  readonly standing: StageStanding;
  readonly ended: readonly EndedOrder[];
  readonly questions: readonly PlannedQuestion[];
  readonly records: readonly PlannedRecord[];
  readonly withdrawnRecords: readonly string[];
  readonly idle: readonly string[];
  readonly looks: readonly number[];
}

/** More than these are nobody's reading. */
const candidatesMax = 10;

function judgeStage(stage: Follower, context: StageContext): JudgedStage {
  const { environment, following } = stage;
  const judged = candidatesOf(stage, context.walk).map((release) => judgeCandidate(release, stage, context));
  const chosen = judged.find(({ waits, never }) => waits.length === 0 && !never);
  const runs = chosen?.release ?? stage.current?.release;
  const candidates = judged.map((candidate) => toldOf(candidate, judged, chosen));
  const { after, promote } = following;
  const newer = chosen ? judged.slice(0, judged.indexOf(chosen)) : judged;
  const holds = stageHolds(environment, context.promotion.holds, context.facts.now);
  const recording = { environment, place: following.record, records: context.promotion.records };
  const named = whatRuns(stage, context.walk.releases, context.facts);
  const { records, withdrawnRecords: withdrawn, unsaid } = planRecord(judged, named, recording);
  const shown = candidates.filter(({ state }, place) => place < candidatesMax || state === 'Enters');
  return {
    enters: chosen?.facts,
    standing: {
      environment,
      after,
      promote,
      ...(runs && { runs }),
      ...(holds.length > 0 && { holds }),
      ...(unsaid && { unsaid }),
      candidates: shown,
    },
    ended: endedOrders(environment, { judged, chosen, context }),
    questions: planQuestions(environment, newer),
    records,
    withdrawnRecords: withdrawn,
    idle: idleAnswers({ environment, gates: following.gates }, judged, context.promotion.answers),
    looks: judged.flatMap(({ never, lookAt }) => (never || !lookAt ? [] : lookAt.getTime())),
  };
}

/** What is newer than what runs there, and brings something else; newest first. */
function candidatesOf({ environment, current }: Follower, walk: Walk): ReleaseFacts[] {
  const runs = walk.releases[placeOf(current?.release, walk)];
  const newer = walk.releases.slice(0, placeOf(current?.release, walk));
  return newer.filter(({ digests }) => {
    const digest = digests[environment];
    return digest !== undefined && digest !== runs?.digests[environment];
  });
}

function toldOf(
  candidate: JudgedCandidate,
  judged: readonly JudgedCandidate[],
  chosen: JudgedCandidate | undefined,
): Candidate {
  const { facts: _, never, lookAt: _lookAt, asks: _asks, orderedBy: _by, ...told } = candidate;
  if (candidate === chosen) return { ...told, state: 'Enters' };
  if (never) return { ...told, state: 'Skipped' };
  const isOlder = chosen !== undefined && judged.indexOf(candidate) > judged.indexOf(chosen);
  return { ...told, state: isOlder ? 'Superseded' : 'Waits' };
}

function holdEnds(now: Date, { holds }: PromotionFacts): number[] {
  return holds.flatMap((hold) => (isLapsed(hold, now) ? [] : (hold.expiresAt?.getTime() ?? [])));
}

function isFollower({ environment }: { readonly environment: string }, stages: readonly StageFacts[]): boolean {
  return stages.some((stage) => stage.environment === environment && stage.following);
}

/** Where nothing comes after other stages any more, no order to promote is ever carried out. */
function ordersNowhere(stages: readonly StageFacts[], { orders }: PromotionFacts): EndedOrder[] {
  const left = orders.filter((order) => !isFollower(order, stages));
  return left.map((order) => ({ order, outcome: 'Skipped' }));
}

/** A stage that left its pipeline writes nothing down any more. */
function recordsNowhere(stages: readonly StageFacts[], { records }: PromotionFacts): string[] {
  const left = records.filter((record) => record.state !== 'Written' && !isFollower(record, stages));
  return left.map(({ uid }) => uid);
}

function answersNowhere(stages: readonly StageFacts[], { answers }: PromotionFacts): string[] {
  return answers.filter((answer) => !isFollower(answer, stages)).map(({ uid }) => uid);
}

interface OrderEnds {
  readonly judged: readonly JudgedCandidate[];
  readonly chosen: JudgedCandidate | undefined;
  readonly context: StageContext;
}

/** An order stands for as long as its release may still enter. */
function endedOrders(environment: string, { judged, chosen, context }: OrderEnds): EndedOrder[] {
  const orders = context.promotion.orders.filter((order) => order.environment === environment);
  return orders.flatMap((order): EndedOrder[] => {
    const candidate = judged.find(({ release }) => release === order.release);
    if (candidate && candidate === chosen) return [{ order, outcome: 'Entered' }];
    if (candidate?.never) return [{ order, outcome: 'Skipped' }];
    const isOlder = chosen && judged.indexOf(candidate!) > judged.indexOf(chosen);
    return candidate && !isOlder ? [] : [{ order, outcome: 'Superseded' }];
  });
}
