import { runIntent, type ApplicationDocument, type DesiredEntry, type EntryNeed, type Labels } from '@flotilla/model';
import type { ApplicationFacts, ReleaseFacts, StageFacts } from './facts.ts';

/**
 * What a target runs: a release, where its files are, and how they become manifests. They change together or not at
 * all: the path of today at the commit of yesterday is something that nobody ever released.
 */
export type EntryContent = Pick<DesiredEntry, 'release' | 'sourceDigest' | 'source' | 'render'>;

export interface EntryInputs {
  readonly uid: string;
  readonly stage: StageFacts;
  /** Those of the cluster that the target is on. */
  readonly labels: Labels;
  readonly content: EntryContent;
  readonly application: ApplicationFacts;
  readonly document: ApplicationDocument;
  /** What stands there now: orders of people, such as a suspension, outlive a new release. */
  readonly previous: DesiredEntry | undefined;
}

/** A release as it stands in a stage whose inputs it was made from. */
export function contentOf(release: ReleaseFacts, stage: StageFacts, application: ApplicationFacts): EntryContent {
  return {
    release: release.uid,
    sourceDigest: release.digests[stage.environment] ?? '',
    source: {
      url: application.repositoryUrl ?? '',
      revision: release.revision,
      path: stage.path,
      also: [...stage.also],
    },
    ...(stage.render && { render: stage.render }),
  };
}

/** The entry of one target: all that its agent needs to run this release. */
export function desiredEntry(inputs: EntryInputs): Omit<DesiredEntry, 'generation'> {
  const { uid, stage, labels, content, application, document, previous } = inputs;
  const { onRemove: _, ...sync } = document.spec.sync;
  const { render } = content;
  const { dependsOn } = document.spec;
  // How the agent logs in is a setting of today, whatever release it fetches.
  const { credential: _credential, ...source } = content.source;
  return {
    target: uid,
    project: application.project,
    application: application.name,
    environment: stage.environment,
    ...runIntent(needsOf(content, document)),
    release: content.release,
    sourceDigest: content.sourceDigest,
    namespace: stage.namespace,
    source: { ...source, ...(application.agentCredential && { credential: application.agentCredential }) },
    sync,
    ...(render && { render }),
    ...(render?.substitute && { clusterLabels: labels }),
    ...(dependsOn && { dependsOn: dependsOn.map(({ application: name }) => name) }),
    ...(previous?.suspended && { suspended: previous.suspended }),
    ...(previous?.syncRequest && { syncRequest: previous.syncRequest }),
  };
}

/**
 * What an agent that knows less would do harm without: it would take back what shall only be reported, or apply what has to
 * wait.
 */
function needsOf({ render }: EntryContent, { spec: { sync, dependsOn } }: ApplicationDocument): EntryNeed[] {
  return [
    ...(render ? ['render' as const] : []),
    ...(sync.driftRules ? ['drift-rules' as const] : []),
    ...(dependsOn ? ['depends-on' as const] : []),
  ];
}
