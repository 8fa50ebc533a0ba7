export type { ClusterRecord, Clusters, ForgetCluster, JoinAttempt, JoinRefusal } from './clusters.port.ts';
export type {
  DeadLetterContent,
  DeadLetterDesk,
  DeadLetterReading,
  DeadLetters,
  DeadMessage,
  LetterOrder,
  ReplayedMessage,
} from './dead-letters.port.ts';
export { enrol, type Enrolled, type EnrolPorts, type IdentityIssuer } from './enrol.ts';
export { explainTarget } from './explain-target.ts';
export type { Explanation } from './explanation.ts';
export type {
  ClusterReading,
  Counts,
  FleetReader,
  ReportedStatus,
  TargetDetail,
  TargetQuery,
  TargetReading,
  WaitingWork,
} from './fleet-reader.port.ts';
export { Hearing, lostAfterMs } from './hearing.ts';
export {
  joinRefusal,
  joinTokenHash,
  joinTokenLifeMs,
  newJoinToken,
  type KnownJoinToken,
  type NewJoinToken,
} from './join-token.ts';
export { renew, renewalRefused, type RenewPorts, type SignedRenewal } from './renew.ts';
export { renewalRefusal, type KnownKey, type RenewalAttempt, type RenewalRefusal } from './renewal.ts';
export type { HelloHeard, HellosStored, Intruder, IntruderCode, Liveness } from './liveness.port.ts';
export { isNewerReport, newestItems } from './newest-reports.ts';
export type { Revocations } from './revocations.port.ts';
export { intruderForgottenMs, intruderText, judgeSpeaker, tellSpeakers, type KnownSpeaker } from './speaker.ts';
export type { ReportHeard, ReportsStored, Statuses } from './statuses.port.ts';
