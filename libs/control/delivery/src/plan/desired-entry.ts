import {
  entryNeeds,
  runIntent,
  type ApplicationDocument,
  type DesiredEntry,
  type EntryNeed,
  type EntryPin,
  type Labels,
} from '@flotilla/model';
import type { ApplicationFacts, StageFacts } from '../facts.ts';
import { entryWindows } from './entry-windows.ts';
import type { EntryContent } from './target-content.ts';

export interface EntryInputs {
  readonly uid: string;
  /** What its cluster is called. */
  readonly cluster: string;
  readonly stage: StageFacts;
  /** Those of the cluster that the target is on. */
  readonly labels: Labels;
  readonly content: EntryContent;
  readonly application: ApplicationFacts;
  readonly document: ApplicationDocument;
  /** What holds it at its content, against what Git says. */
  readonly pin?: EntryPin | undefined;
  /** What stands there now: orders of people, such as a suspension, outlive a new release. */
  readonly previous: DesiredEntry | undefined;
}

/** The entry of one target: all that its agent needs to run this release. */
export function desiredEntry(inputs: EntryInputs): Omit<DesiredEntry, 'generation'> {
  const { uid, stage, labels, content, application, document, previous, pin } = inputs;
  const { onRemove: _, ...sync } = document.spec.sync;
  const { render } = content;
  const { dependsOn } = document.spec;
  const limits = limitsOf(inputs);
  // How the agent logs in is a setting of today, whatever release it fetches.
  const { credential: _credential, ...source } = content.source;
  return {
    target: uid,
    project: application.project,
    application: application.name,
    environment: stage.environment,
    ...runIntent(needsOf(inputs, limits)),
    release: content.release,
    sourceDigest: content.sourceDigest,
    namespace: stage.namespace,
    source: { ...source, ...(application.agentCredential && { credential: application.agentCredential }) },
    // Who goes back deletes nothing: what came with the newer release stays until Git agrees.
    sync: pin ? { ...sync, prune: false } : sync,
    ...(render && { render }),
    ...(render?.substitute && { clusterLabels: labels }),
    ...(dependsOn && { dependsOn: dependsOn.map(({ application: name }) => name) }),
    ...limits,
    ...(document.spec.health && { health: document.spec.health }),
    ...(previous?.suspended && { suspended: previous.suspended }),
    ...(pin && { pin: entryPin(pin) }),
    ...(stage.retreat && { retreat: stage.retreat }),
    ...(previous?.syncRequest && { syncRequest: previous.syncRequest }),
  };
}

/**
 * What an agent that knows less would do harm without: it would take back what shall only be reported, apply what has to
 * wait, run hooks on the way back, or do more than it may.
 */
function needsOf({ content: { render }, document: { spec }, pin }: EntryInputs, limits: Limits): EntryNeed[] {
  const needed: Readonly<Partial<Record<EntryNeed, unknown>>> = {
    render,
    'drift-rules': spec.sync.driftRules,
    'depends-on': spec.dependsOn,
    'service-account': limits.serviceAccount,
    allow: limits.allow,
    windows: limits.windows,
    'namespace-metadata': spec.sync.namespace,
    pin,
  };
  return entryNeeds.filter((need) => needed[need] !== undefined);
}

function entryPin({ by, reason, since, runHooks }: EntryPin): EntryPin {
  return { by, reason, since, ...(runHooks && { runHooks }) };
}

type Limits = Pick<DesiredEntry, 'serviceAccount' | 'allow' | 'windows'>;

/** What keeps a target inside its bounds. */
function limitsOf({ application: { name, allow }, document, stage, cluster }: EntryInputs): Limits {
  const { serviceAccount } = document.spec;
  const { windows: written = [], namespace } = stage;
  const windows = entryWindows(written, { application: name, namespace, clusters: [cluster] });
  return {
    ...(serviceAccount && { serviceAccount }),
    ...(allow && { allow }),
    ...(windows.length > 0 && { windows }),
  };
}
