import type { Admission, DeliveryFacts, ReleaseFacts, StageFacts, TargetFacts } from '../facts.ts';
import { stageDigest } from './plan-releases.ts';
import { contentOf, contentOfToday, type ContentClaims, type EntryContent } from './target-content.ts';

export interface StageClaimsContext {
  readonly facts: DeliveryFacts;
  readonly known: ReadonlyMap<string, ReleaseFacts>;
  /** The release that each environment is to run from now on. */
  readonly chosen: ReadonlyMap<string, ReleaseFacts>;
}

/** What speaks for the target of a stage on one cluster. */
export type ClaimsOf = (
  cluster: string,
  existing: TargetFacts | undefined,
) => Pick<ContentClaims, 'entering' | 'standing' | 'settled'>;

/** Who has a say in what the targets of a stage run; `undefined` while nobody has. */
export function stageClaims(stage: StageFacts, context: StageClaimsContext): ClaimsOf | undefined {
  const entering = enteringContent(stage, context);
  if (stage.rollout && entering) return notYetAdmitted(stage, context);
  if (!entering && stage.current?.admission) return byAdmission(stage, stage.current.admission, context);
  const settled = settledContent(stage, context);
  return entering || settled ? () => ({ entering, settled }) : undefined;
}

function enteringContent(stage: StageFacts, { chosen, facts }: StageClaimsContext): EntryContent | undefined {
  const release = chosen.get(stage.environment);
  return release && (contentOf(release, stage.environment) ?? contentOfToday(release, stage, facts.application));
}

/** A rollout in waves begins with nobody, also when it begins anew with what had entered for nobody. */
function notYetAdmitted(stage: StageFacts, context: StageClaimsContext): ClaimsOf {
  const isAnew = context.chosen.get(stage.environment)?.uid === stage.current?.release;
  const settled = isAnew ? undefined : settledContent(stage, context);
  return (_cluster, existing) => ({ standing: existing?.entry, settled });
}

function byAdmission(
  stage: StageFacts,
  { state, admitted, skipped }: Admission,
  context: StageClaimsContext,
): ClaimsOf {
  const entering = releasedContent(stage.current?.release, stage, context);
  const settled = settledContent(stage, context);
  return (cluster, existing) => {
    const takesIt = state === 'Finished' ? !skipped.has(cluster) : admitted.has(cluster);
    return { ...(takesIt && { entering }), standing: existing?.entry, settled };
  };
}

/** What whoever joins gets: the newest release that finished here; without waves there is no other. */
function settledContent(stage: StageFacts, context: StageClaimsContext): EntryContent | undefined {
  const { current, finished } = stage;
  const isUnfinished = current?.admission && current.admission.state !== 'Finished';
  return releasedContent(isUnfinished ? finished : current?.release, stage, context);
}

/**
 * A release exactly as it was made. Of one that did not keep its content, what stands there says it; where nothing
 * stands yet, today's inputs count only if the release was made from them.
 */
function releasedContent(
  uid: string | undefined,
  stage: StageFacts,
  { facts, known }: StageClaimsContext,
): EntryContent | undefined {
  const { environment } = stage;
  const release = uid === undefined ? undefined : known.get(uid);
  if (!release) return undefined;
  const kept = contentOf(release, environment);
  if (kept) return kept;
  const standing = facts.targets.find(
    (target) => target.environment === environment && target.entry.release === release.uid,
  );
  if (standing) return standing.entry;
  const isOfToday = stageDigest(stage, facts) === release.digests[environment];
  return isOfToday ? contentOfToday(release, stage, facts.application) : undefined;
}
