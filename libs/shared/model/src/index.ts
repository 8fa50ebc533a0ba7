export {
  agentFeatures,
  agentImageSchema,
  agentUpgradeStates,
  agentVersionSchema,
  isOpenUpgrade,
  upgradeDeadline,
  upgradeOrders,
  upgradeProgressSchema,
  upgradeRequestSchema,
  upgradeStepStates,
  versionOfImage,
  wishedAgentSchema,
  type AgentUpgradeState,
  type UpgradeOrder,
  type UpgradeProgress,
  type UpgradeRequest,
  type UpgradeStepState,
  type WishedAgent,
} from './agent-upgrade.ts';
export { acknowledgedText, type Acknowledgement } from './acknowledged-text.ts';
export { actorText, systemActor, type Actor } from './actor.ts';
export { placeText } from './place-text.ts';
export { blastText, type BlastRadius } from './blast-radius.ts';
export {
  clusterFactsSchema,
  clusterNameLabel,
  connections,
  connectionSchema,
  type ClusterFacts,
  type Connection,
} from './cluster.ts';
export {
  desiredEntrySchema,
  entryNeeds,
  entryPinSchema,
  entryRenderSchema,
  entrySourceSchema,
  heldEntrySchema,
  intentOf,
  mergeEntries,
  runIntent,
  setChangeSchema,
  suspensionSchema,
  targetIntents,
  targetIntentSchema,
  targetTitle,
  unknownWordOf,
  type AllowList,
  type DesiredEntry,
  type EntryIntent,
  type EntryNeed,
  type EntryPin,
  type DesiredSet,
  type EntrySource,
  type HeldEntry,
  type SetChange,
  type Suspension,
  type TargetIntent,
} from './desired-set.ts';
export { countOf, type Amount } from './documents/amount.ts';
export {
  removalModes,
  type ApplicationDocument,
  cascadeModes,
  takenOverTools,
  type CascadeMode,
  type TakenOverTool,
  type RemovalMode,
} from './documents/application.ts';
export { driftModes, driftRuleSchema, type DriftMode, type DriftRule } from './documents/drift-rule.ts';
export { authorText, driftText } from './drift-text.ts';
export { ignoreRuleSchema, type IgnoreRule } from './documents/ignore-rule.ts';
export { type NamespaceMetadata } from './documents/namespace-metadata.ts';
export { documentApiVersion, durationSchema } from './documents/common.ts';
export { effectiveRender } from './documents/effective-render.ts';
export {
  anyDocumentSchema,
  documentId,
  documentKinds,
  documentSchemas,
  documentTitle,
  keyOfDocument,
  type DocumentKey,
  type DocumentKind,
  type FleetDocument,
} from './documents/document.ts';
export { type EnvironmentDocument } from './documents/environment.ts';
export {
  approvalExpiresDefault,
  gateKinds,
  userNameSchema,
  webGateDefaults,
  type ApprovalGate,
  type Gate,
  type WebGate,
} from './documents/gate.ts';
export { type NotifierDocument } from './documents/notifier.ts';
export { freezeScopes, untilLifted, type FreezeDocument, type FreezeScope } from './documents/freeze.ts';
export { type EnvironmentWindow } from './documents/sync-windows.ts';
export { type PipelineDocument } from './documents/pipeline.ts';
export { stagesBehind, trackBehind } from './documents/stage-graph.ts';
export {
  promotionModes,
  recordPath,
  trackedRef,
  type PromotionMode,
  type Stage,
  type RecordCause,
  type StageRecordPlace,
  type Track,
} from './documents/stage.ts';
export {
  applyOwner,
  ownerTitle,
  planDocuments,
  type DocumentChange,
  type DocumentOwner,
  type DocumentPlan,
  type DocumentProblem,
  type OwnedDocument,
  type PlanDocumentsInput,
} from './documents/plan-documents.ts';
export { type ProjectDocument } from './documents/project.ts';
export { referencesOf, type DocumentReference } from './documents/references.ts';
export {
  rendererNames,
  renderSettingsSchema,
  type RendererName,
  type RenderSettings,
} from './documents/render-settings.ts';
export { pollIntervalDefault, type RepositoryDocument } from './documents/repository.ts';
export {
  offlinePolicies,
  rolloutNarrowingSchema,
  rolloutStrategySchema,
  type OfflinePolicy,
  type RolloutNarrowing,
  type RolloutStrategy,
  type RolloutStrategyInput,
  type RolloutWave,
} from './documents/rollout-strategy.ts';
export {
  compareFences,
  fenceSchema,
  fenceText,
  isAhead,
  noFence,
  type Fence,
  type HeldFence,
  type IssuedFence,
} from './fence.ts';
export { readImageQuery, type ImageQuery } from './image-query.ts';
export {
  breakGlassDefault,
  breakGlassSchema,
  breakGlassTimeSchema,
  entryFreezeSchema,
  expiryOf,
  freezeInTheWay,
  freezeStates,
  freezesInForce,
  freezeText,
  isFrozenBy,
  isNamedBy,
  isInForce,
  mayPass,
  stopsAll,
  type BreakGlass,
  type EntryFreeze,
  type FreezablePlace,
  type FreezeState,
  type FrozenOrder,
} from './freeze.ts';
export {
  groupOf,
  keyOfObject,
  kindId,
  objectId,
  objectTitle,
  versionOf,
  type FieldConflict,
  type FieldsV1,
  type GroupKind,
  type KubeObject,
  type ManagedFields,
  type ObjectKey,
  type ObjectMeta,
  type OwnerReference,
} from './kube-object.ts';
export { actionsMeant, ledgerActions, type LedgerAction } from './ledger-action.ts';
export {
  chainPointSchema,
  chainStart,
  ledgerLineSchema,
  type ChainPoint,
  type LedgerLine,
  type OpenLine,
} from './ledger-line.ts';
export { gateText, type GateLine } from './gate-text.ts';
export { commitSchema, defaultProject, namePattern, nameSchema, shortCommit, uidSchema } from './names.ts';
export { tellsOf, type TellableLine } from './notifier.ts';
export { countSchema, timeSchema } from './numbers.ts';
export type { Page, PageRequest } from './page.ts';
export { permissions, type GrantedPermission } from './permission.ts';
export { tokenLifeSchema } from './token-life.ts';
export { compareRan, shortDigest, type Ran, type RanDifference } from './ran/compare-ran.ts';
export {
  deploymentEnds,
  isOpenRollout,
  rolloutCauses,
  rolloutStates,
  type DeploymentEnd,
  type Release,
  type RolloutCause,
  type RolloutState,
} from './release.ts';
export { byUrgency, clusterPhases, rolloutOrders, type ClusterPhase, type RolloutOrder } from './rollout-order.ts';
export { plainRenderer, renderersOf } from './renderer.ts';
export { isRepairOver, repairStates, type RepairState } from './repair.ts';
export {
  pinnedContentSchema,
  readGoal,
  rollbackRequestSchema,
  rollbackSelectionSchema,
  targetPinSchema,
  type Quarantine,
  type RollbackGoal,
  type RollbackRequest,
  type RollbackSelection,
  type TargetPin,
} from './rollback.ts';
export {
  labelsSchema,
  labelSelectorSchema,
  matchesLabels,
  meetsAll,
  parseSelector,
  type LabelRequirement,
  type Labels,
  type LabelSelector,
} from './selector.ts';
export { labelsText, selectorText } from './selector-text.ts';
export {
  healthStatuses,
  healthStatusSchema,
  reasonSchema,
  syncStatuses,
  syncStatusSchema,
  worstHealth,
  worstSync,
  type HealthStatus,
  type Reason,
  type SyncStatus,
} from './status.ts';
export {
  driftedFieldSchema,
  resourceStatusSchema,
  imagesMax,
  targetStatusSchema,
  type DriftedField,
  type ResourceStatus,
  type TargetStatus,
} from './target-status.ts';
export { filledOrAsIs, fillTemplate, templateVariables, type Variables } from './template.ts';
export { holdTimeSchema } from './hold-time.ts';
export { gateReplySchema, type GateReply } from './gate-reply.ts';
export { whySchema } from './why.ts';
export { workKinds, type WorkKind } from './work.ts';
export { allOverrun, maySync, nextChange, windowsInTheWay, type SyncQuestion } from './windows/may-sync.ts';
export { isOpen, parseWindow, type SyncWindow, type WrittenWindow } from './windows/sync-window.ts';
export { concerns, type ScopedTarget, type WindowScope } from './windows/window-scope.ts';
