import type { ApplicationDocument, DesiredEntry } from '@flotilla/model';
import type { ApplicationFacts, ReleaseFacts, StageFacts } from './facts.ts';

export interface EntryInputs {
  readonly uid: string;
  readonly stage: StageFacts;
  readonly release: ReleaseFacts;
  readonly application: ApplicationFacts;
  readonly document: ApplicationDocument;
  /** What stands there now: orders of people, such as a suspension, outlive a new release. */
  readonly previous: DesiredEntry | undefined;
}

/** The entry of one target: all that its agent needs to run this release. */
export function desiredEntry(inputs: EntryInputs): Omit<DesiredEntry, 'generation'> {
  const { uid, stage, release, application, document, previous } = inputs;
  const { prune, drift, adopt, createNamespace } = document.spec.sync;
  return {
    target: uid,
    project: document.metadata.project,
    application: document.metadata.name,
    environment: stage.environment,
    intent: 'run',
    release: release.uid,
    sourceDigest: release.digests[stage.environment] ?? '',
    namespace: stage.namespace,
    source: {
      url: application.repositoryUrl ?? '',
      ...(application.agentCredential && { credential: application.agentCredential }),
      revision: release.revision,
      path: stage.path,
      also: [...stage.also],
    },
    sync: { prune, drift, adopt, createNamespace },
    ...(previous?.suspended && { suspended: previous.suspended }),
    ...(previous?.syncRequest && { syncRequest: previous.syncRequest }),
  };
}
