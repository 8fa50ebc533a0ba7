export type { Credential, Credentials } from './credentials.port.ts';
export type { ChangeDocuments, Documents } from './documents.port.ts';
export type { CommitInfo, GitFile, GitRef, GitRemote, GitRemotes, PulledCommit } from './git-remote.port.ts';
export { inputsOf, type StageInputs } from './inputs.ts';
export { lookAtRepository, type Looked, type LookPorts } from './look-at-repository.ts';
export type { PathReader, RevisionObserved, Revisions, TrackedRef, WatchedRepository } from './revisions.port.ts';
export { verifyWebhook, webhookBytesMax, type WebhookRequest } from './webhook.ts';
