import { canonicalJson, type Ids } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { sourceDigest } from '@flotilla/model/node';
import type { DeliveryFacts, ReleaseContent, ReleaseFacts, StageFacts } from './facts.ts';
import { contentAtHead } from './target-content.ts';

/** A release that a plan makes, or finds made already. */
export type PlannedRelease = ReleaseFacts;

/** Something in one stage that a person has to mend. */
export interface DeliveryProblem {
  readonly environment: string;
  readonly reason: string;
  readonly message: string;
}

export interface PlannedReleases {
  /** Releases to store. */
  readonly releases: readonly PlannedRelease[];
  /** The release that each environment gets now; environments that keep theirs are absent. */
  readonly chosen: ReadonlyMap<string, ReleaseFacts>;
  readonly problems: readonly DeliveryProblem[];
}

/**
 * Turns what Git holds into releases. A commit that leaves an environment's source digest as it is brings it nothing;
 * stages that track the same commit share one release.
 */
export function planReleases(facts: DeliveryFacts, ids: Ids): PlannedReleases {
  const releases: PlannedRelease[] = [];
  const chosen = new Map<string, ReleaseFacts>();
  const problems: DeliveryProblem[] = [];
  for (const [commit, stages] of stagesByCommit(facts.stages)) {
    const digests: Record<string, string> = {};
    const contents: Record<string, ReleaseContent> = {};
    for (const stage of stages) {
      const digest = stageDigest(stage, facts);
      if (!digest) {
        problems.push(pathMissing(stage, commit));
        continue;
      }
      digests[stage.environment] = digest;
      contents[stage.environment] = contentAtHead(stage, facts.application);
    }
    const entering = Object.keys(digests).filter((environment) => digests[environment] !== running(environment, facts));
    if (entering.length === 0) continue;
    const release = existing(facts.releases, commit, digests) ?? {
      uid: ids.next(),
      revision: commit,
      digests,
      contents,
    };
    if (!facts.releases.includes(release)) releases.push(release);
    for (const environment of entering) chosen.set(environment, release);
  }
  return { releases, chosen, problems };
}

function stagesByCommit(stages: readonly StageFacts[]): Map<string, StageFacts[]> {
  const byCommit = new Map<string, StageFacts[]>();
  for (const stage of stages) {
    if (stage.head) byCommit.set(stage.head.commit, [...(byCommit.get(stage.head.commit) ?? []), stage]);
  }
  return byCommit;
}

/** Absent when the application's own path does not exist; a missing shared input is part of the digest. */
export function stageDigest(stage: StageFacts, facts: DeliveryFacts): string | undefined {
  const { trees = [] } = stage.head ?? {};
  if (trees[0] === undefined) return undefined;
  const repository = facts.application.repositoryUrl ?? '';
  return sourceDigest({ repository, path: stage.path, trees, render: stage.render });
}

function running(environment: string, facts: DeliveryFacts): string | undefined {
  const current = facts.stages.find((stage) => stage.environment === environment)?.current;
  return facts.releases.find(({ uid }) => uid === current?.release)?.digests[environment];
}

function existing(
  releases: readonly ReleaseFacts[],
  revision: string,
  digests: Readonly<Record<string, string>>,
): ReleaseFacts | undefined {
  const wanted = canonicalJson({ revision, digests });
  return releases.find((release) => canonicalJson({ revision: release.revision, digests: release.digests }) === wanted);
}

function pathMissing(stage: StageFacts, commit: string): DeliveryProblem {
  return {
    environment: stage.environment,
    reason: 'SourcePathMissing',
    message: `${stage.path} does not exist at ${shortCommit(commit)}; ${stage.environment} keeps what it runs`,
  };
}
