export {
  changeSchema,
  controlVerbs,
  faultWireSchema,
  type ControlRequest,
  type ControlResponse,
  type ControlVerb,
} from './control.ts';
export { repairView, type RepairView } from './http/repairs.ts';
export { agentUpgradeView, type AgentUpgradeView } from './http/agent-upgrades.ts';
export { clusterView, type ClusterView } from './http/clusters.ts';
export { metadataView, type PageQuery } from './http/common.ts';
export { type DeadLetterContentView, type DeadLetterView } from './http/dead-letters.ts';
export {
  releaseView,
  revisionView,
  rolloutView,
  type ReleaseView,
  type RevisionView,
  type RanView,
  type RolloutView,
} from './http/delivery.ts';
export {
  orderedRolloutView,
  rolloutCourseView,
  type OrderedRolloutView,
  type RolloutCourseView,
} from './http/rollouts.ts';
export {
  documentPlurals,
  documentView,
  type CountsView,
  type CredentialBody,
  type DocumentFile,
  type DocumentPlanView,
  type DocumentView,
  type FreezeStatusView,
} from './http/documents.ts';
export { eventView, streamEventSchema, type EventView, type StreamEvent } from './http/events.ts';
export { ledgerExportBegin, ledgerExportEnd } from './ledger-export.ts';
export { openApiDocument } from './http/open-api.ts';
export type { Operation, OperationCall, OperationInput, OperationResponse, Permission } from './http/operation.ts';
export { operations } from './http/operations.ts';
export { orderDiffView, type OrderDiffView } from './http/order-diffs.ts';
export { stageView, type CandidateView, type StageView } from './http/promotion.ts';
export { type RecoveryPlanView } from './http/recovery.ts';
export {
  targetCountView,
  targetStoryView,
  targetView,
  type ExplanationView,
  type TargetChoice,
  type TargetCountView,
  type TargetFilter,
  type TargetStoryView,
  type TargetView,
} from './http/targets.ts';
export { type TokenView } from './http/tokens.ts';
export {
  answeredWarningsMax,
  answerSchema,
  askSchema,
  heldEntriesMax,
  type Answer,
  type Ask,
  type ObjectDiff,
  type Question,
} from './messages/ask.ts';
export { diffLines, diffText, type DiffLine } from './messages/diff-text.ts';
export { agreedProtocol, headerNames, messageBytesMax, protocol, type ProtocolRange } from './messages/common.ts';
export { enrolAnswerSchema, enrolRequestSchema, type EnrolAnswer, type EnrolRequest } from './messages/enrol.ts';
export { keyListSchema, type KeyList } from './messages/keys.ts';
export { helloIntervalMs, helloSchema, type Hello } from './messages/hello.ts';
export {
  receiptSchema,
  reportBytesMax,
  reportItemsMax,
  reportSchema,
  type Receipt,
  type Report,
} from './messages/report.ts';
export {
  credentialSchema,
  renewAnswerSchema,
  renewalSchema,
  renewRequestSchema,
  renewSchema,
  type Credential,
  type Renew,
  type Renewal,
  type RenewAnswer,
  type RenewRequest,
} from './messages/renew.ts';
export { setSchema, type SetMessage } from './messages/set.ts';
export {
  orderKeySchema,
  readSignature,
  signatureText,
  signedBytes,
  signedTextSchema,
  type OrderKey,
  type SignedText,
} from './messages/signed.ts';
export { type QuarantineView, type RollbackPreviewView, type RollbackView } from './http/rollbacks.ts';
export { problemSchema, type Problem, type ProblemItem } from './problem.ts';
export {
  changedKinds,
  clusterOfSubject,
  downKinds,
  subjects,
  upKinds,
  type ChangedKind,
  type ControlService,
  type DownKind,
  type UpKind,
} from './subjects.ts';
