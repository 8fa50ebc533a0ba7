export type {
  DeliveryReader,
  DeploymentPage,
  DeploymentQuery,
  DeploymentRecord,
  ReleaseRecord,
  RolloutQuery,
  RolloutRecord,
  RolloutWaveRecord,
  StageReading,
} from './delivery-reader.port.ts';
export type {
  BreakingGlass,
  DeliveryRecord,
  HeldBackSet,
  HoldReason,
  OrderedRollout,
  OrderGiver,
  RolloutProgress,
  RolloutSteering,
  SelectedTarget,
  SetContent,
  TargetSelection,
} from './delivery-record.port.ts';
export type {
  Admission,
  ApplicationFacts,
  ClusterFacts,
  CurrentRollout,
  DeliveryFacts,
  FreezeFacts,
  PinTurn,
  ReleaseContent,
  ReleaseFacts,
  RolloutSettings,
  RunningRollout,
  StageFacts,
  TargetFacts,
} from './facts.ts';
export { planApplication } from './plan/plan-application.ts';
export type { AgreedPin, DeliveryPlan, NamedQuestion, PlannedRollout, TargetChange } from './plan/delivery-plan.ts';
export { planDelivery } from './plan/plan-delivery.ts';
export { settingLeaves } from './plan/setting-leaves.ts';
export { rolloutText } from './plan/plan-rollouts.ts';
export { type DeliveryProblem, type PlannedRelease } from './plan/plan-releases.ts';
export type {
  AgentUpgradeReader,
  AgentUpgradeRecord,
  AgentUpgrades,
  UpgradeHeard,
} from './upgrades/agent-upgrades.port.ts';
export { chooseClusters } from './upgrades/choose-clusters.ts';
export { planUpgrade } from './upgrades/plan-upgrade.ts';
export type { UpgradeClusterFacts, UpgradeFacts, UpgradePlan, UpgradeStepChange } from './upgrades/upgrade-facts.ts';
export { upgradeMissing, upgradeOpen } from './upgrades/upgrade-refusals.ts';
export {
  planRecovery,
  type AskHeld,
  type ClusterRecovery,
  type LostOrder,
  type PlannedCluster,
  type RecoveryPlan,
} from './recovery/plan-recovery.ts';
export {
  epochLeadMax,
  generationLeadMax,
  type AheadCluster,
  type FleetStanding,
  type Recovered,
  type RecoveryOrder,
  type RecoveryRecord,
  type Stranger,
} from './recovery/recovery-record.port.ts';
export { catchUp, heldBack, sendSet, sendSets, type SendPorts, type SetSender, type SetsSent } from './send-set.ts';
export { advanceRollout } from './rollout/advance-rollout.ts';
export {
  clusterEvidence,
  isAway,
  isHeldUp,
  mayBegin,
  type StepFacts,
  type StepSaid,
} from './rollout/cluster-evidence.ts';
export { deadlineNotes, phased, type PhasedCluster } from './rollout/cluster-phase.ts';
export { rolloutMissing, steerRollout, type Steered, type SteeringFacts } from './rollout/steer-rollout.ts';
export { explainRollout } from './rollout/explain-rollout.ts';
export { explainTurn, type HeldTurn } from './rollout/explain-turn.ts';
export { freezesOver } from './plan/under-freeze.ts';
export { frozenWaves, judgeWaves, type WaveContext } from './rollout/judge-waves.ts';
export { planWaveQuestions, type LookedAt, type WaveAsked } from './rollout/plan-wave-questions.ts';
export { writersOf } from './promotion/writers-of.ts';
export { freezeRollout, freezeWaves } from './rollout/freeze-rollout.ts';
export type {
  ClusterEvidence,
  ClusterFailure,
  FrozenRollout,
  FrozenWave,
  RolloutAdvance,
  RolloutCourse,
} from './rollout/rollout-course.ts';
export type { WaveCandidate } from './rollout/spread.ts';
export {
  planPromotions,
  type EndedOrder,
  type OrderOutcome,
  type PlannedPromotions,
} from './promotion/plan-promotions.ts';
export type {
  ApprovalFacts,
  Author,
  GateFacts,
  HoldFacts,
  NeighbourFacts,
  PastRollout,
  PromotionFacts,
  PromotionOrder,
  StageFollowing,
} from './promotion/promotion-facts.ts';
export type {
  Candidate,
  CandidateState,
  GateWait,
  StageHold,
  StageStanding,
  UntriedInput,
} from './promotion/stage-standing.ts';
export {
  recordStates,
  type NamedRelease,
  type PlannedRecord,
  type RecordPlace,
  type GitRecord,
  type RecordState,
} from './promotion/stage-records.ts';
export {
  openQuestionStates,
  questionStates,
  type AskedGate,
  type PlannedQuestion,
  type QuestionState,
  type WebAnswer,
} from './promotion/web-answers.ts';
export { candidateStates } from './promotion/stage-standing.ts';
export { explainStage } from './promotion/explain-stage.ts';
export { changedStandings, passedGates, type PassedGate } from './promotion/standing-changes.ts';
export { decideApproval } from './promotion/decide-approval.ts';
export { decidePromotion } from './promotion/decide-promotion.ts';
export { decideWaveApproval, type WaveApproval } from './promotion/decide-wave-approval.ts';
export { decideWaveOverride, type WaveOverride } from './promotion/decide-wave-override.ts';
export type { GatedRollout, RolloutContext, WaveOrder } from './promotion/gated-rollout.ts';
export { decideHold, decideUnhold, type DecidedHold } from './promotion/decide-hold.ts';
export { heldText } from './promotion/holds.ts';
export { decideOverride } from './promotion/decide-override.ts';
export type {
  ApprovalOrder,
  ApproveOrder,
  Approved,
  Held,
  HoldOrder,
  Overridden,
  OverrideOrder,
  PromoteOrder,
  Promoted,
  PromotionRecord,
  Unheld,
  UnholdOrder,
} from './promotion/promotion-record.port.ts';
export { stageMissing } from './promotion/promotion-refusals.ts';
export type { AgentStanding, AgentStandings } from './preview/agent-standings.port.ts';
export { distinctChanges, type ChangeMove, type DistinctChange } from './preview/distinct-changes.ts';
export { promotionChanges, rollbackChanges, type OrderChangesPorts } from './preview/order-changes.ts';
export {
  tellChanges,
  type AskPreview,
  type TellPorts,
  type ToldChange,
  type ToldChanges,
} from './preview/tell-changes.ts';
export { planRollback, type PlannedPlace, type PlannedRollback, type RollbackMark } from './rollback/plan-rollback.ts';
export {
  movesOf,
  resolveRollback,
  type ExcludedTarget,
  type ResolvedRollback,
  type RollbackAsked,
  type RollbackMove,
  type RollbackPlace,
} from './rollback/resolve-rollback.ts';
export type { RollbackWave } from './rollback/rollback-waves.ts';
export { answerFailure, selectionOf } from './rollback/answer-failure.ts';
export { forwardRefusal } from './rollback/forward-refusal.ts';
export { previewRollback, rollBack } from './rollback/roll-back.ts';
export type {
  ApplicationHistory,
  FailedRollout,
  RollbackFacts,
  RunFacts,
  TargetNow,
} from './rollback/rollback-facts.ts';
export type {
  AnswerDecisions,
  QuarantineReading,
  RollbackDecisions,
  RollbackOrder,
  RollbackPlaceReading,
  RollbackReader,
  RollbackReading,
  RollbackRecord,
  UnpinOrder,
} from './rollback/rollback-record.port.ts';
